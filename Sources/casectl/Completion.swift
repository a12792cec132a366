import ArgumentParser
import CasePages
import CaseWire

/// What a shell offers to complete: names that the server knows.
///
/// It asks the server where `casectl` would look by default; where none answers, nothing is offered.
enum Completion {
    static let cases = CompletionKind.custom { _, _, prefix in
        listed { server in
            try server.call(.list, [.init("sort", .string("-case")), .init("limit", .integer(200))])["cases"]?.array?.compactMap {
                $0.cell("case")
            }
        }.filter { $0.hasPrefix(prefix) }
    }

    static let matters = CompletionKind.custom { _, _, prefix in
        listed { try $0.call(.catalogDutyList)["matters"]?.array?.compactMap { $0.cell("matter") } }.filter { $0.hasPrefix(prefix) }
    }

    private static func listed(_ ask: (Server) throws -> [String]?) -> [String] {
        guard let server = try? Server.parse([]) else { return [] }
        return (try? ask(server)) ?? []
    }
}
