/// All commands, in the order of documents. A new one is a file of its own and a line here.
package enum Commands {
    package static let all: [any Command.Type] = [
        Submit.self, Accept.self, RequestCorrection.self, Correct.self, Decline.self, Assign.self, Suspend.self, Resume.self, Extend.self,
        Examine.self, Recommend.self, Return.self, Grant.self, Refuse.self, Withdraw.self, Deliver.self, SettleFee.self, Note.self,
        Escalate.self, AskOpinion.self, GiveOpinion.self, WithdrawOpinion.self, OpenOrder.self, AnswerOrder.self, CloseOrder.self,
        Recuse.self, Inspect.self, ErasePersonal.self, Read.self, ReadAsAdmin.self, Reroute.self, Recalculate.self, Draw.self,
        OpenRevocation.self,
        EndRevocation.self, Revoke.self, DeemAccept.self, Lapse.self, DeemGrant.self, MissOpinion.self, PassRung.self, EndOrder.self,
    ]

    package static let ofClients: [any ClientCommand.Type] = all.compactMap { $0 as? any ClientCommand.Type }

    package static let declarations = all.map { $0.declaration }

    /// What clients call them.
    static let methods = Dictionary(
        uniqueKeysWithValues: ofClients.map { ($0.name, "case." + String($0.name.rawValue.map { $0 == "-" ? "_" : $0 })) })

    private static let clientCommands = Dictionary(uniqueKeysWithValues: ofClients.map { ($0.name, $0) })
    private static let named = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    /// What the data of each kind of event looks like, by the event's name, in the order of the names.
    package static var recordedShapes: [(name: String, shape: Shape)] {
        changes.sorted { $0.key < $1.key }.map { ($0.key, $0.value.shape) }
    }

    private static let changes = Dictionary(uniqueKeysWithValues: all.map { ($0.recorded.name, $0.recorded) })

    private static let involvements = Dictionary(
        uniqueKeysWithValues: all.map { (ObjectIdentifier($0.recorded), $0.declaration.involvement) })

    /// Commands that record what a client says of persons, or what persons say.
    private static let personal = Set(all.filter { $0.recorded.shape.holdsApart }.map { $0.name })

    static func isPersonal(_ command: CommandName) -> Bool {
        personal.contains(command)
    }

    /// What the author of an event has had to do with the case from then on.
    static func involvement(of change: any Change) -> Set<Involvement> {
        involvements[ObjectIdentifier(type(of: change))] ?? []
    }

    package static func named(_ name: CommandName) -> any Command.Type {
        guard let command = named[name] else { preconditionFailure("there is no command \(name)") }
        return command
    }

    /// - Precondition: a client can give it.
    package static func ofClient(_ name: CommandName) -> any ClientCommand.Type {
        guard let command = clientCommands[name] else { preconditionFailure("no client gives \(name)") }
        return command
    }

    /// The kind of event that has a name; nil for one that this version does not know.
    package static func change(named name: String) -> (any Change.Type)? {
        changes[name]
    }
}
