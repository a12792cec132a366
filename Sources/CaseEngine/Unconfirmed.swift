import CaseCore
import CaseWire

/// Who asked for a change of the catalogue.
package struct CatalogAuthor: Sendable, Equatable {
    package let name: String
    /// Nil in a store from before it was kept.
    package let uid: UInt32?

    init(name: String, uid: UInt32?) {
        (self.name, self.uid) = (name, uid)
    }

    init(_ principal: Principal) {
        self.init(name: principal.name, uid: principal.uid)
    }

    init?(_ value: JSONValue) {
        guard let name = value["by"]?.string else { return nil }
        self.init(name: name, uid: value["uid"]?.integer.flatMap { UInt32(exactly: $0) })
    }

    func isSame(as principal: Principal) -> Bool {
        principal.isSame(asNamed: name, uid: uid)
    }

    func write(to writer: inout JSONWriter) {
        writer.member("by", name)
        writer.member("uid", orNull: uid)
    }
}

/// The versions of the catalogue to whose parts nobody but their authors has agreed.
package struct Unconfirmed: Sendable, Equatable {
    package struct Version: Sendable, Equatable {
        package let number: Int
        package let author: CatalogAuthor
    }

    /// The last version that somebody else agreed to: it counts in full.
    package let confirmed: Int
    /// Those after it, the oldest first.
    package private(set) var versions: [Version]

    static let settingName = "unconfirmed-catalog"
    /// More versions wait for nobody: each is read at the start.
    static let limit = 50

    init(confirmed: Int, versions: [Version]) {
        (self.confirmed, self.versions) = (confirmed, versions)
    }

    mutating func add(_ number: Int, by author: CatalogAuthor) {
        versions.append(Version(number: number, author: author))
    }

    /// What is left once somebody agreed to a version; nil for nothing.
    func confirmed(through number: Int) -> Unconfirmed? {
        let left = versions.filter { $0.number > number }
        return left.isEmpty ? nil : Unconfirmed(confirmed: number, versions: left)
    }

    /// Whether somebody could be the second to agree to all of them, as far as that can be told before what they give is looked at.
    func waits(for principal: Principal, _ register: Register) -> Bool {
        register.confirms(principal) && !versions.contains { $0.author.isSame(as: principal) }
    }

    /// As the store keeps it; empty where there is none.
    static func setting(_ unconfirmed: Unconfirmed?) -> String {
        guard let unconfirmed else { return "" }
        return String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.member("confirmed", unconfirmed.confirmed)
                    writer.key("versions")
                    writer.array(of: unconfirmed.versions) { writer, version in
                        writer.object {
                            $0.member("version", version.number)
                            version.author.write(to: &$0)
                        }
                    }
                }
            }, as: UTF8.self)
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let value = try? JSONReader.read(Array(setting.utf8)), let confirmed = value["confirmed"]?.integer,
            let list = value["versions"]?.array
        else { return nil }
        let versions = list.compactMap { entry -> Version? in
            guard let number = entry["version"]?.integer, let author = CatalogAuthor(entry) else { return nil }
            return Version(number: Int(number), author: author)
        }
        guard versions.count == list.count else { return nil }
        self.init(confirmed: Int(confirmed), versions: versions)
    }
}
