/// The one declared table of what may happen to a case: state, input, role → state.
///
/// The code in `CaseFile+….swift` and `Powers.swift` is checked against it on every pair; the documents are generated from it.
package enum Lifecycle {
    package struct Row: Sendable {
        /// Nil: there is no case yet.
        package let state: State?
        package let input: Input.Kind
        /// Equal to `state` where the input changes nothing about where the file is.
        package let target: State
        package let isAcceptedWhileSuspended: Bool
    }

    package static let rows: [Row] = {
        let open = State.allCases.filter(\.isOpen)
        let final = State.allCases.filter { !$0.isOpen }
        let decided = State.allCases.filter(\.isDecision)
        let rows: [[Row]] = [
            [Row(state: nil, input: .submit, target: .submitted, isAcceptedWhileSuspended: false)],
            row(.submitted, .accept, .inReview),
            row(.submitted, .requestCorrection, .correction),
            row(.submitted, .decline, .notAccepted),
            row(.submitted, .deemAccept, .inReview),
            row(.correction, .correct, .submitted, whileSuspended: true),
            row(.inReview, .correct, .inReview, whileSuspended: true),
            row(.correction, .lapse, .lapsed),
            row(.inReview, .recommend, .withLeader),
            row(.withLeader, .return, .inReview),
            row(.withLeader, .grant, .granted),
            row(.withLeader, .refuse, .refused),
            row(.inReview, .deemGrant, .deemedGranted),
            row(.withLeader, .deemGrant, .deemedGranted),
            open.flatMap { row($0, .withdraw, .withdrawn, whileSuspended: true) },
            open.flatMap { state in [Input.Kind.assign, .extend].flatMap { row(state, $0, state) } },
            open.flatMap { state in
                [Input.Kind.suspend, .resume, .escalate, .recuse, .reroute, .openOrder].flatMap {
                    row(state, $0, state, whileSuspended: true)
                }
            },
            State.allCases.flatMap { state in
                [Input.Kind.note, .answerOrder, .closeOrder, .read].flatMap { row(state, $0, state, whileSuspended: true) }
            },
            // A decided case still has its delivery clock.
            (open + [.granted, .refused, .notAccepted]).flatMap { state in
                [Input.Kind.passRung, .reproject].flatMap { row(state, $0, state, whileSuspended: true) }
            },
            decided.flatMap { row($0, .inspect, $0) },
            final.filter { [.granted, .refused, .notAccepted].contains($0) }.flatMap { row($0, .deliver, $0) },
        ]
        return rows.flatMap { $0 }
    }()

    /// Who may give an input; the same in every state.
    package static let roles: [Input.Kind: Set<Role>] = [
        .submit: [.submitter],
        .accept: [.office],
        .requestCorrection: [.office],
        .decline: [.office],
        .correct: [.submitter],
        .recommend: [.office],
        .return: [.leader],
        .grant: [.leader],
        .refuse: [.leader],
        .withdraw: [.submitter],
        .assign: [.office],
        .note: [.submitter, .office, .leader, .extensionAuthority, .commissioner],
        .extend: [.extensionAuthority],
        .suspend: [.office, .leader],
        .resume: [.office, .leader],
        .deliver: [.office],
        .escalate: [.commissioner, .admin],
        .openOrder: [.commissioner],
        .answerOrder: [.office, .leader],
        .closeOrder: [.commissioner],
        .inspect: [.auditor, .commissioner],
        .read: [.auditor],
        .recuse: [.office, .leader, .extensionAuthority],
        .reroute: [.catalog],
        .reproject: [.catalog],
        .deemAccept: [.clock],
        .lapse: [.clock],
        .deemGrant: [.clock],
        .passRung: [.clock],
    ]

    /// The target of an input, nil where the state does not take it.
    package static func target(of input: Input.Kind, in state: State?) -> State? {
        rows.first { $0.state == state && $0.input == input }?.target
    }

    private static func row(_ state: State, _ input: Input.Kind, _ target: State, whileSuspended: Bool = false) -> [Row] {
        [Row(state: state, input: input, target: target, isAcceptedWhileSuspended: whileSuspended)]
    }
}
