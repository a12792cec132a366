import ArgumentParser
import CaseCore
import CaseWire

/// Which cases are meant; the same options wherever cases are chosen.
struct Filter: ParsableArguments {
    @Option(
        help: "Where the file is: submitted, correction, in-review, with-leader, granted and so on.",
        completion: .list(State.allCases.map(\.rawValue))) var state: String?
    @Option(help: "A matter.", completion: Completion.matters) var matter: String?
    @Option(help: "An office.") var office: String?
    @Option(help: "A leader post.") var leader: String?
    @Option(help: "A commissioner post.") var commissioner: String?
    @Option(help: "An officer.") var handler: String?
    @Option(help: "An applicant's id.") var applicant: String?
    @Option(help: "green, yellow, red or none.", completion: .list(Light.allCases.map(\.rawValue))) var light: String?
    @Flag(help: "Only cases with an overdue clock.") var overdue = false
    @Flag(help: "Only suspended cases.") var suspended = false
    @Flag(help: "Only cases with a deadline on days that are not official yet.") var provisional = false
    @Option(help: "Only cases whose earliest deadline is before this instant.") var dueBefore: String?
    @Option(help: "Only cases submitted at or after this instant.") var submittedAfter: String?
    @Option(help: "Only cases submitted before this instant.") var submittedBefore: String?
    @Option(help: "Only cases closed at or after this instant.") var closedAfter: String?
    @Option(help: "Only cases closed before this instant.") var closedBefore: String?
    @Flag(help: "Only cases that were inspected.") var inspected = false
    @Option(help: "Part of the title or of the applicant's name.") var text: String?

    var member: JSONValue.Member {
        let texts: [(String, String?)] = [
            ("state", state), ("matter", matter), ("office", office), ("leader", leader), ("commissioner", commissioner),
            ("handler", handler), ("applicant", applicant), ("light", light), ("due_before", dueBefore),
            ("submitted_after", submittedAfter), ("submitted_before", submittedBefore), ("closed_after", closedAfter),
            ("closed_before", closedBefore), ("text", text),
        ]
        var members = texts.compactMap { name, value in value.map { JSONValue.Member(name, .string($0)) } }
        if overdue { members.append(.init("overdue", .bool(true))) }
        if provisional { members.append(.init("provisional", .bool(true))) }
        if inspected { members.append(.init("inspected", .bool(true))) }
        if suspended { members.append(.init("suspended", .bool(true))) }
        return .init("filter", .object(members))
    }
}

extension Filter {
    /// Refuses a name that the catalogue does not have, and says which one is meant most likely. It is for answers that are empty: what
    /// an earlier catalogue knew has its cases and figures still.
    func requireKnownNames(_ server: Server) throws {
        let asked = [("matter", matter), ("office", office), ("leader", leader), ("commissioner", commissioner)]
        guard asked.contains(where: { $0.1 != nil }) else { return }
        let list = try server.call(.catalogDutyList)
        let posts = (list["posts"]?.array ?? []).compactMap { $0.cell("post") }
        func named(_ member: String) -> [String] { (list["matters"]?.array ?? []).compactMap { $0.cell(member) } }
        for (kind, name) in asked {
            guard let name else { continue }
            let offices = named("office") + (list["posts"]?.array ?? []).compactMap { $0.cell("office") }
            let known = Set(kind == "leader" || kind == "commissioner" ? posts : kind == "office" ? offices : named(kind)).sorted()
            guard !known.contains(name) else { continue }
            throw Failure(
                code: .notFound, message: "the catalogue has no \(kind) \(name)",
                hint: Likeness.nearest(name, among: known).map { "did you mean \($0)?" } ?? "casectl catalog duty-list lists them")
        }
    }
}
