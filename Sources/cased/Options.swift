import ArgumentParser
import CaseEngine
import CaseStorePostgreSQL
import CaseStoreSQLite
import Catalogue
import FoundationEssentials
import Glibc
import Logging
import WorkingTime

/// What can be said both on the command line and in the file of options, and can be read anew while the daemon runs.
struct Options {
    var adminGroup: String?
    /// Whether the machine's clock is believed within bounds, or always.
    enum Trust: String, CaseIterable, ExpressibleByArgument {
        case bounded, always
    }

    /// How far the machine's clock may be set within 24 hours and be believed, in milliseconds.
    var largestStep = Engine.largestStep
    /// How long a notice stays once it is taken, in milliseconds.
    var noticeRetention = Engine.noticeRetention
    var trust = Trust.bounded
    var logLevel = Logger.Level.info
    /// Whether a state directory, or a database, without a store is a fault, and no beginning.
    var requiresStore = false
    /// How the database is named that keeps the store; nil where a state directory does.
    var store: String?
    /// By which a database knows this daemon; nil for the name of the machine.
    var node: String?
    /// The file of what was witnessed of the journal.
    var witnessed: String?
    /// The root of a witnessed checkpoint that the store is allowed to have lost, in base 64.
    var witnessedLost: String?

    /// What the file can hold: TOML, with the names of the command line's options.
    private enum Key: String, CaseIterable {
        case adminGroup = "admin-group"
        case largestClockStep = "largest-clock-step"
        case logLevel = "log-level"
        case node
        case noticeRetention = "notice-retention"
        case requireStore = "require-store"
        case store
        case trustClock = "trust-clock"
        case witnessed
        case witnessedLost = "witnessed-lost"
    }

    init() {}

    /// Reads a file of options.
    ///
    /// - Throws: `Unusable`, which names the file and what to mend.
    init(file path: String) throws(Unusable) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Unusable("\(path) cannot be read: check --config and who may read it")
        }
        let table: TOMLTable
        do throws(TOMLText.Unreadable) {
            table = try TOMLText.table(String(decoding: data, as: UTF8.self))
        } catch {
            throw Unusable("\(path), line \(error.line): \(error.message): \(error.mend)")
        }
        if let key = table.keys.sorted().first(where: { Key(rawValue: $0) == nil }) {
            throw Unusable("\(path): there is no option \(key): one of \(Key.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        func value<Value>(_ key: Key, _ read: (TOMLValue) -> Value?) throws(Unusable) -> Value? {
            guard let value = table[key.rawValue] else { return nil }
            guard let value = read(value) else {
                throw Unusable(
                    "\(path): an option has a value of the wrong kind: write require-store as true or false, and the others as a text in quotes"
                )
            }
            return value
        }
        if let name = try value(.adminGroup, \.string), !name.isEmpty { adminGroup = name }
        if let text = try value(.largestClockStep, \.string) {
            guard let step = Options.step(text) else {
                throw Unusable("\(path): largest-clock-step \"\(text)\" is no length: write it as in \"1 hours\" or \"90 minutes\"")
            }
            largestStep = step
        }
        if let text = try value(.noticeRetention, \.string) {
            guard let retention = Options.retention(text) else {
                throw Unusable(
                    "\(path): notice-retention \"\(text)\" is no length of whole days: write it as in \"30 calendar-days\", at most 400")
            }
            noticeRetention = retention
        }
        if let text = try value(.trustClock, \.string) {
            guard let trust = Trust(rawValue: text) else {
                throw Unusable("\(path): there is no trust-clock \"\(text)\": bounded or always")
            }
            self.trust = trust
        }
        if let text = try value(.logLevel, \.string) {
            guard let level = Logger.Level(rawValue: text) else {
                let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                throw Unusable("\(path): there is no log-level \"\(text)\": one of \(levels)")
            }
            logLevel = level
        }
        if let target = try value(.store, \.string), !target.isEmpty { store = target }
        if let name = try value(.node, \.string) {
            guard DatabaseTarget.isNode(name) else { throw Unusable("\(path): \(Options.noNode(name))") }
            node = name
        }
        if let path = try value(.witnessed, \.string), !path.isEmpty { witnessed = path }
        if let root = try value(.witnessedLost, \.string) { witnessedLost = root }
        requiresStore = try value(.requireStore, \.boolean) ?? false
    }

    /// Why a text is no name of a node.
    static func noNode(_ text: String) -> String {
        "node \"\(text)\" is no name of a node: at most \(DatabaseTarget.nodeLimit) letters, digits, dots, hyphens and underscores"
    }

    /// The database that keeps the store, which is not asked anything yet; nil where a state directory does.
    func database() throws(Unusable) -> DatabaseTarget? {
        guard let store else { return nil }
        let passfile = try Credential.passfile()
        do {
            return try DatabaseTarget(store, node: node ?? DatabaseTarget.ownNode, passfile: passfile)
        } catch {
            throw Unusable(error)
        }
    }

    /// A length of wall time in milliseconds; nil where a text is none.
    static func step(_ text: String) -> Int64? {
        (try? Length(parsing: text)).flatMap { $0.meter == .minutes ? $0.quanta : nil }
    }

    /// Whole days in milliseconds, no more than notices stay that nobody takes; nil where a text says none.
    static func retention(_ text: String) -> Int64? {
        guard let length = try? Length(parsing: text), length.meter == .calendarDays, length.quanta <= 400 else { return nil }
        return length.quanta * 86_400_000
    }

    /// The number of the admin group.
    func adminGroupID() throws(Unusable) -> UInt32? {
        guard let adminGroup else { return nil }
        guard let group = getgrnam(adminGroup) else {
            throw Unusable(
                "there is no unix group \(adminGroup): make it (groupadd --system \(adminGroup)), or name another admin group")
        }
        return group.pointee.gr_gid
    }
}

/// What a person must mend before the daemon can run, in one sentence.
struct Unusable: Error, CustomStringConvertible {
    let description: String
    /// Whether it may pass without anybody's doing, so that a later start can succeed.
    let mayPass: Bool

    init(_ description: String, mayPass: Bool = false) {
        self.description = description
        self.mayPass = mayPass
    }

    init(_ error: StateDirectory.Unusable) {
        self.init(error.description, mayPass: error.mayPass)
    }

    init(_ error: PostgreSQLStore.Unusable) {
        self.init(error.description, mayPass: error.mayPass)
    }
}
