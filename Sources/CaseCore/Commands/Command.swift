import WorkingTime

/// Something that is asked of a case, by somebody or by the passing of time. Everything that is to be said of it stands in its one file.
package protocol Command: Sendable, Equatable {
    /// What is recorded where it is carried out.
    associatedtype Recorded: Change

    static var declaration: Declaration { get }
}

/// A command on a case that there is.
package protocol CaseCommand: Command {
    associatedtype Recorded

    /// What it requires whatever its parameters say, once the catalogue and the state of the case let somebody give it.
    static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal)

    /// What it does to a case that takes it from whoever may give it and is ready for it, or why not.
    ///
    /// - Parameter draft: gathers which clocks it moves and who is to be told.
    func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Recorded
}

extension CaseCommand {
    package static func requireReady(_ file: CaseFile, _ draft: Draft) throws(Refusal) {}
}

/// A command that a client can give.
package protocol ClientCommand: Command, Described {
    /// The method that carries it: `case.` and its name, unless it says otherwise.
    static var method: String { get }
    /// What its parameters call the case.
    static var subject: CommandSubject { get }
}

extension ClientCommand {
    package static var method: String {
        Commands.methods[name]!
    }

    package static var subject: CommandSubject { .file }
}

/// How the parameters of a command say which case it is about.
package enum CommandSubject: Sendable {
    /// There is none yet.
    case none
    case file
    /// The parameter `order` names it, and is one of the command's own.
    case order
}

extension Command {
    package static var name: CommandName {
        declaration.name
    }

    /// The kind of event that it leads to.
    package static var recorded: any Change.Type {
        Recorded.self
    }
}

/// The name of a command: a row of the lifecycle table, a word on the wire.
package struct CommandName: Hashable, Comparable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    package let rawValue: String

    package init(stringLiteral name: StaticString) {
        rawValue = String(describing: name)
    }

    package var description: String {
        rawValue
    }

    package static func < (a: CommandName, b: CommandName) -> Bool {
        a.rawValue < b.rawValue
    }
}

/// What is declared of a command, beside what it does.
package struct Declaration: Sendable {
    package let name: CommandName
    /// A sentence for people.
    package let summary: String
    /// In which roles it may be given; the same in every state.
    package let roles: Set<Role>
    package let path: Path
    /// While the clocks stand still, only what ends that, records, supervises or brings in materials is taken.
    package let isTakenWhileSuspended: Bool
    /// What whoever gives it has had to do with the case from then on.
    package let involvement: Set<Involvement>

    package init(
        _ name: CommandName, _ summary: String, by roles: Set<Role>, _ path: Path, whileSuspended: Bool = false,
        involvement: Set<Involvement>
    ) {
        self.name = name
        self.summary = summary
        self.roles = roles
        self.path = path
        isTakenWhileSuspended = whileSuspended
        self.involvement = involvement
    }

    /// From which states a command is taken, and where each leads.
    package struct Path: Sendable {
        /// Nil: there is no case yet.
        package private(set) var targets: [State?: State]

        package static let opening = Path(targets: [nil: .submitted])

        package static func from(_ states: [State], to target: State) -> Path {
            Path(targets: Dictionary(uniqueKeysWithValues: states.map { ($0, target) }))
        }

        package static func from(_ state: State, to target: State) -> Path {
            from([state], to: target)
        }

        /// Leaves the file where it is.
        package static func staying(in states: [State]) -> Path {
            Path(targets: Dictionary(uniqueKeysWithValues: states.map { ($0, $0) }))
        }

        package func or(_ other: Path) -> Path {
            Path(targets: targets.merging(other.targets) { first, _ in first })
        }
    }
}

extension State {
    package static let open = allCases.filter(\.isOpen)
    /// Ended, by a decision or otherwise.
    package static let closed = allCases.filter { !$0.isOpen }
    /// With a decision, or a refusal to accept, that is handed over.
    package static let delivered: [State] = [.granted, .refused, .notAccepted]
    /// With clocks that may be running: a decided case still has its delivery clock.
    package static let clocked = open + delivered
}

/// What was recorded of a case, in the past participle.
package protocol Change: Described {
    /// A word on the wire; it never changes.
    static var name: String { get }
    /// What whoever looks after the server reads of it in its log.
    static var significance: Significance { get }
    /// Whether it only says that somebody looked: the case stays as it is, its revision too, and whoever is audited is not told.
    static var isReading: Bool { get }
    /// Whether it is between those who examine and those who supervise, and not for whoever submitted the case.
    static var isInternal: Bool { get }

    /// Whether it can come next. A journal that was damaged can hold what cannot.
    func canFollow(_ file: CaseFile) -> Bool

    /// Takes it in, and decides nothing.
    ///
    /// - Precondition: `canFollow(file)`.
    func apply(to file: inout CaseFile, by author: String, at instant: Instant)

    /// What it adds to the figures of its day; nil for nothing.
    ///
    /// - Parameter before: the case before it, where there was one; `file` is the case after it.
    func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures?
}

package enum Significance: Sendable {
    case decision, escalation, ordinary
}

/// What one event adds to reports.
package struct Figures: Equatable, Sendable {
    package let measures: [Measure]
    /// What a decided case took.
    package let handled: HandlingTime?

    package init(_ measures: [Measure], handled: HandlingTime? = nil) {
        self.measures = measures
        self.handled = handled
    }
}

extension Change {
    package static var significance: Significance { .ordinary }
    package static var isReading: Bool { false }
    package static var isInternal: Bool { false }

    package func canFollow(_ file: CaseFile) -> Bool { true }

    package func figures(of file: CaseFile, before: CaseFile?, at instant: Instant, under terms: Terms) -> Figures? { nil }

    package var name: String {
        Self.name
    }

    package var isReading: Bool {
        Self.isReading
    }

    package var isInternal: Bool {
        Self.isInternal
    }

    package func isEqual(to other: any Change) -> Bool {
        other as? Self == self
    }
}
