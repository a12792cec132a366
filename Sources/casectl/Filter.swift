import ArgumentParser
import CaseCore
import CasePages
import CaseWire

/// Which cases are meant; the same options wherever cases are chosen: one for each member of a filter.
struct Filter: ParsableArguments, CustomReflectable {
    private var members: [JSONValue.Member] = []

    private static let options =
        FilterMember.all.map(\.shape).filter { $0.name != "case" }.map { member in
            var summary = member.summary.replacing("whether ", with: "only where ")
            if case .instant = member.shape { summary += " this day or instant" }
            return ParameterOption([member.name], Shape.Member(member.name, member.shape, required: false, summary), TerminalForm())
        } + [
            ParameterOption(
                ["due"],
                Shape.Member(
                    "due", .text, required: false, "to be done by the end of today, tomorrow, this-week or a day; overdue is as well"),
                TerminalForm())
        ]

    init() {}

    var customMirror: Mirror {
        ParameterOption.mirror(self, Filter.options)
    }

    init(from decoder: any Decoder) throws {
        members = try ParameterOption.members(Filter.options, from: decoder)
    }

    func validate() throws {
        let faults = FilterMember.all.map(\.shape).flatMap { member -> [String] in
            guard let words = member.shape.wordsOfSeveral, let given = members.first(where: { $0.name == member.name })?.value else {
                return []
            }
            let option = "--" + member.name.replacing("_", with: "-")
            return (given.array ?? [given]).compactMap(\.string).filter { !words.contains($0) }.map { word in
                "\(option) \(word) is none of its words: " + (Likeness.hint(word, among: words) ?? "")
            }
        }
        guard faults.isEmpty else { throw ValidationError(faults.joined(separator: "\n")) }
        if asked("due") != nil, asked("due_before") != nil { throw ValidationError("--due and --due-before exclude each other") }
    }

    /// As a method takes it.
    var member: JSONValue.Member {
        .init(
            "filter",
            .object(
                members.map { member in
                    guard member.name == "due", let day = member.value.string else { return member }
                    return .init("due_before", .string(Moment.endOf(day, option: "--due")))
                }))
    }

    /// The same, and this as well.
    func and(_ name: String, _ value: JSONValue = .bool(true)) -> Filter {
        var filter = self
        filter.members.removeAll { $0.name == name }
        filter.members.append(.init(name, value))
        return filter
    }

    /// Whether something was said of this.
    func asks(_ name: String) -> Bool {
        members.contains { $0.name == name }
    }

    private func asked(_ name: String) -> String? {
        members.first { $0.name == name }?.value.string
    }
}

extension Filter {
    /// Refuses a name that the catalogue does not have, and says which one is meant most likely. It is for answers that are empty: what
    /// an earlier catalogue knew has its cases and figures still.
    func requireKnownNames(_ server: Server) throws {
        let asked = ["matter", "office", "leader", "commissioner", "area", "awaits", "handler"].map { ($0, self.asked($0)) }
        guard asked.contains(where: { $0.1 != nil }) else { return }
        let list = try server.common(.catalogDutyList)
        let posts = (list["posts"]?.array ?? []).compactMap { $0.cell("post") }
        func named(_ member: String) -> [String] { (list["matters"]?.array ?? []).compactMap { $0.cell(member) } }
        let holders = (list["posts"]?.array ?? []).compactMap { post in
            post.cell("holder_id").flatMap { holder in post.cell("post").map { (holder: holder, post: $0) } }
        }
        let areas = (list["matters"]?.array ?? []).flatMap { $0["areas"]?.array ?? [] }.compactMap { $0.cell("area") }
        for (kind, name) in asked {
            guard let name else { continue }
            let offices = named("office") + (list["posts"]?.array ?? []).compactMap { $0.cell("office") }
            let names =
                switch kind {
                case "leader", "commissioner": posts
                case "office", "awaits": offices
                case "handler": holders.map(\.holder)
                case "area": areas
                default: named(kind)
                }
            let known = Set(names).sorted()
            guard !known.contains(name) else { continue }
            if kind == "handler" {
                throw Failure(
                    code: .notFound, message: "nobody holds a post who is called \(name)", hint: Likeness.hint(name, among: known))
            }
            let held = holders.filter { $0.holder == name }.map(\.post)
            if ["leader", "commissioner"].contains(kind), !held.isEmpty {
                throw Failure(
                    code: .notFound, message: "\(name) is a person; a \(kind) is named by post",
                    hint: "\(name) holds \(held.sorted().joined(separator: ", "))")
            }
            throw Failure(
                code: .notFound, message: "the catalogue has no \(kind) \(name)",
                hint: Likeness.nearest(name, among: known).map { "did you mean \($0)?" }
                    ?? (kind == "area" ? "casectl catalog guide MATTER lists them" : "casectl catalog duty-list lists them"))
        }
    }
}
