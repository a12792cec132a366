/// What may happen to a case, and by whom, as the commands declare it: state, command, role → state.
package enum Lifecycle {
    package struct Row: Sendable {
        /// Nil: there is no case yet.
        package let state: State?
        package let command: Declaration
        /// Equal to `state` where the command changes nothing about where the file is.
        package let target: State
    }

    /// By command, and by state within each.
    package static let rows: [Row] = Commands.all.flatMap { command in
        let targets = command.declaration.path.targets
        let states: [State?] = [nil] + State.allCases
        return states.compactMap { state in targets[state].map { Row(state: state, command: command.declaration, target: $0) } }
    }

    /// The target of a command, nil where the state does not take it.
    package static func target(of command: CommandName, in state: State?) -> State? {
        Commands.named(command).declaration.path.targets[state]
    }

    /// Whether a case can come from a state to another one, whoever acts; it is where it is.
    package static func canCome(from state: State, to goal: State) -> Bool {
        var (seen, next): (Set<State>, [State]) = ([state], [state])
        while let state = next.popLast() {
            for row in rows where row.state == state && seen.insert(row.target).inserted { next.append(row.target) }
        }
        return seen.contains(goal)
    }
}
