import CasePages
import CaseWire

/// Who has which post now, as the duty list says it: names for ids, and what somebody acts as.
struct DeskPeople: Sendable {
    let list: JSONValue
    private let names: [String: String]

    /// - Parameter list: what `catalog.duty_list` answers.
    init(_ list: JSONValue) {
        self.list = list
        var names: [String: String] = [:]
        for post in list["posts"]?.array ?? [] {
            if let id = post.cell("holder_id"), let name = post.cell("holder") { names[id] = name }
            for substitute in post["substitutes"]?.array ?? [] {
                if let id = substitute.cell("person"), let name = substitute.cell("name") { names[id] = name }
            }
        }
        self.names = names
    }

    static func now(_ visit: Visit) async throws(DaemonTrouble) -> DeskPeople {
        DeskPeople(try await visit.hall.published.list(try await visit.hall.published.info()))
    }

    /// What people call somebody; the id where no post has them.
    func name(_ person: String) -> String {
        names[person] ?? person
    }

    func list(_ people: [String], _ language: Language) -> String {
        language.list(people.map(name))
    }

    func matter(_ id: String?) -> JSONValue {
        list["matters"]?.array?.first { $0.cell("matter") == id } ?? .null
    }

    // MARK: Posts

    /// One of the posts for which somebody acts today.
    struct Function: Sendable {
        let post: String
        let name: String
        let office: String?
        let audits: Bool
        /// Who holds it, where somebody else acts today.
        let inPlaceOf: String?
    }

    /// The posts for which somebody acts today: their own, but where a substitute acts instead, and those of others.
    func functions(of person: String) -> [Function] {
        (list["posts"]?.array ?? []).compactMap { post in
            let substitutes = post["substitutes"]?.array ?? []
            let isHolder = post.cell("holder_id") == person
            let isSubstitute = substitutes.contains { $0.cell("person") == person }
            let holderActs = substitutes.isEmpty || substitutes.contains { $0["shared"]?.bool == true }
            guard isHolder && holderActs || isSubstitute else { return nil }
            return Function(
                post: post.cell("post") ?? "", name: post.cell("name") ?? post.cell("post") ?? "", office: post.cell("office"),
                audits: post["audits"]?.bool == true, inPlaceOf: isHolder ? nil : post.cell("holder"))
        }
    }

    /// As what somebody acts on a case, by its office and posts.
    func functions(of person: String, on file: JSONValue) -> [Function] {
        let own = functions(of: person)
        let asked = (file["opinions"]?.array ?? []).compactMap { $0.cell("office") }
        return own.filter { function in
            [file.cell("leader"), file.cell("commissioner")].contains(function.post)
                || function.office.map { $0 == file.cell("office") || asked.contains($0) } ?? function.audits
        }
    }

    func said(_ function: Function, _ words: DeskWords) -> String {
        function.inPlaceOf.map { words.filled(words.inPlaceOf, function.name, $0) } ?? function.name
    }

    /// What people call a post, and who acts for it.
    func post(_ id: String?, _ language: Language) -> String? {
        guard let id else { return nil }
        let post = list["posts"]?.array?.first { $0.cell("post") == id }
        return language.post(id, holder: post?.cell("holder"), in: list)
    }

    /// Whether a post supervises some matter, or audits.
    func supervises(_ function: Function) -> Bool {
        function.audits || (list["matters"]?.array ?? []).contains { $0.cell("commissioner") == function.post }
    }

    /// Those who hold or act for posts in an office, with their names.
    func officers(of office: String?) -> [(value: String, text: String)] {
        var seen: Set<String> = []
        let people = (list["posts"]?.array ?? []).filter { $0.cell("office") == office && office != nil }.flatMap { post in
            [post.cell("holder_id")] + (post["substitutes"]?.array ?? []).map { $0.cell("person") }
        }
        return people.compactMap { $0 }.filter { seen.insert($0).inserted }.map { ($0, name($0)) }
    }

    /// All offices but one, by their posts.
    func offices(besides own: String?) -> [(value: String, text: String)] {
        var seen: Set<String> = []
        return (list["posts"]?.array ?? []).compactMap { post in
            guard let office = post.cell("office"), office != own, seen.insert(office).inserted else { return nil }
            return (office, post.cell("office_name") ?? office)
        }
    }
}
