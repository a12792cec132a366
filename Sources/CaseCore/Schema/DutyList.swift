// What the list of powers and responsibilities says, as the service guide and the duty list show it.

import WorkingTime

/// One matter: who has which part in it, how long it may take, and what an applicant has to know.
package struct ListedMatter: ShownObject {
    private let matter: Matter
    private let register: Register

    package init(_ matter: Matter, in register: Register) {
        self.matter = matter
        self.register = register
    }

    private func holder(_ post: PostID) -> String? {
        register.holder(of: post).flatMap { register.persons[$0]?.name }
    }

    /// What the guide says, and each fee.
    private var fees: String {
        ([matter.guide.fees].filter { !$0.isEmpty } + matter.fees.map { "\($0.name): \($0.amount)" }).joined(separator: "; ")
    }

    private func budget(_ kind: ClockKind) -> String? {
        (matter.budgets[kind] ?? register.policies[matter.policy]?.limits[kind]?.budget)?.description
    }

    package static let name = "matter"
    package static let members: [ShownMember<ListedMatter>] = [
        ShownMember("matter", \.matter.id, "its id"),
        ShownMember("name", \.matter.name, "what people call it"),
        ShownMember(
            "department", { view in view.register.department(of: view.matter).flatMap { view.register.departments[$0]?.name } },
            "the department"),
        ShownMember(
            "module", { view in view.register.offices[view.matter.assignment.office]?.module.flatMap { view.register.modules[$0]?.name } },
            "the module of its office; nothing where that has none"),
        ShownMember("office", \.matter.assignment.office, "the one office"),
        ShownMember("office_name", { $0.register.offices[$0.matter.assignment.office]?.name }, "what people call that"),
        ShownMember("leader", \.matter.assignment.leader, "the post of the one leader"),
        ShownMember("leader_holder", { $0.holder($0.matter.assignment.leader) }, "who holds that"),
        ShownMember("commissioner", \.matter.assignment.commissioner, "the post that supervises"),
        ShownMember("commissioner_holder", { $0.holder($0.matter.assignment.commissioner) }, "who holds that"),
        ShownMember("statutory", { $0.budget(.decision) }, "how long the decision may take by law"),
        ShownMember("promised", { $0.budget(.promise) }, "how long it takes by what is promised"),
        ShownMember("calendar", { $0.register.policies[$0.matter.policy]?.calendar }, "the calendar by which its days are counted"),
        ShownMember(
            "zone", { view in view.register.policies[view.matter.policy].flatMap { view.register.calendars[$0.calendar]?.zone.name } },
            "in which its days begin and end"),
        ShownMember("silence_grants", \.matter.silenceGrants, "whether it is granted where nobody decides in time"),
        ShownMember("basis", \.matter.basis, "the legal basis"),
        ShownMember("materials", { $0.matter.documents.map(\.name) }, "what has to be handed in"),
        ShownMember(
            "documents", { view in view.matter.documents.map { ListedDocument(document: $0) } }, "the same, and which may be missing"),
        ShownMember(
            "fields", { view in view.matter.fields.map { ListedField(field: $0) } }, "what has to be said besides the title"),
        ShownMember("steps", { $0.matter.steps.map(\.name) }, "the steps of its examination, in order"),
        ShownMember(
            "areas", { view in view.matter.areas.sorted { $0.key < $1.key }.map { ListedArea(area: $0, post: $1, in: view.register) } },
            "its areas; none where it is not divided"),
        ShownMember("channels", \.matter.guide.channels, "how it can be submitted"),
        ShownMember(
            "window", { view in view.matter.guide.window.flatMap { view.register.windows[$0] }.map { "\($0.name) \($0.place)" } },
            "the window where it is taken"),
        ShownMember("conditions", \.matter.guide.conditions, "what has to be so"),
        ShownMember("fees", \.fees, "what it costs"),
        ShownMember("result", \.matter.guide.result, "what comes of it"),
        ShownMember("guide", \.matter.guide.text, "further remarks"),
        ShownMember(
            "complaints", { view in view.register.department(of: view.matter).flatMap { view.register.departments[$0]?.complaints } ?? "" },
            "where people can complain, where its department says so"),
    ]
}

/// Something that is handed in with a submission.
package struct ListedDocument: ShownObject {
    private let document: Material

    fileprivate init(document: Material) {
        self.document = document
    }

    package static let name = "document"
    package static let members: [ShownMember<ListedDocument>] = [
        ShownMember("material", \.document.id, "its id"),
        ShownMember("name", \.document.name, "what people call it"),
        ShownMember("optional", { !$0.document.isRequired }, "whether it may be missing"),
    ]
}

/// Something that is said with a submission.
package struct ListedField: ShownObject {
    private let field: MatterField

    fileprivate init(field: MatterField) {
        self.field = field
    }

    package static let name = "field"
    package static let members: [ShownMember<ListedField>] = [
        ShownMember("field", \.field.id, "its id, the name in the fields of a case"),
        ShownMember("name", \.field.name, "what people call it"),
        ShownMember("kind", \.field.kind, "what is said in it"),
        ShownMember("optional", { !$0.field.isRequired }, "whether it may be left out"),
        ShownMember("longest", \.field.longest, "how many characters it may have"),
        ShownMember("help", \.field.help, "what helps to fill it in"),
        ShownMember("choices", \.field.choices, unless: [], "of a choice: what there is to choose from"),
    ]
}

/// One area of a matter, and the post that handles what comes from there.
package struct ListedArea: ShownObject {
    private let area: AreaID
    private let post: PostID
    private let register: Register

    fileprivate init(area: AreaID, post: PostID, in register: Register) {
        self.area = area
        self.post = post
        self.register = register
    }

    package static let name = "area"
    package static let members: [ShownMember<ListedArea>] = [
        ShownMember("area", \.area, "its id"),
        ShownMember("post", \.post, "the post that handles what comes from there"),
        ShownMember("post_name", { $0.register.posts[$0.post]?.name }, "what people call that"),
    ]
}

/// One post: who holds it, and what it answers for.
package struct ListedPost: ShownObject {
    private let post: Post
    private let register: Register
    private let day: Day?

    /// - Parameter day: on which it is asked who acts; nil for a version that counts no longer.
    package init(_ post: Post, in register: Register, on day: Day?) {
        self.post = post
        self.register = register
        self.day = day
    }

    /// Substitutions of this day whose post has a holder, by which is somebody else.
    private var substitutes: [ListedSubstitute] {
        guard let day else { return [] }
        return register.substitutions.values.filter { $0.post == post.id && $0.covers(day) }.sorted { $0.id < $1.id }.compactMap {
            ListedSubstitute($0, in: register)
        }
    }

    package static let name = "post"
    package static let members: [ShownMember<ListedPost>] = [
        ShownMember("post", \.post.id, "its id"),
        ShownMember("name", \.post.name, "what people call it"),
        ShownMember("office", \.post.office, "its office; nothing outside the offices"),
        ShownMember("office_name", { view in view.post.office.flatMap { view.register.offices[$0]?.name } }, "what people call that"),
        ShownMember("holder", { view in view.post.holder.flatMap { view.register.persons[$0]?.name } }, "who holds it"),
        ShownMember("holder_id", \.post.holder, "the same, as the catalogue calls them"),
        ShownMember("substitutes", \.substitutes, "who acts for it today, where that is not the holder alone"),
        ShownMember("rank", \.post.rank, "its rank"),
        ShownMember("audits", \.post.isAuditing, "whether it audits"),
        ShownMember("main_duty", \.post.mainDuty, "its main duty"),
        ShownMember("duties", \.post.duties, "its other duties"),
    ]
}

/// Somebody who acts for a post on the days of a substitution.
package struct ListedSubstitute: ShownObject {
    private let substitution: Substitution
    private let person: Person

    /// Nil where nobody is there to substitute.
    fileprivate init?(_ substitution: Substitution, in register: Register) {
        guard let id = register.holder(of: substitution.by), id != register.holder(of: substitution.post), let person = register.persons[id]
        else { return nil }
        self.substitution = substitution
        self.person = person
    }

    package static let name = "substitute"
    package static let members: [ShownMember<ListedSubstitute>] = [
        ShownMember("name", \.person.name, "who acts"),
        ShownMember("person", \.person.id, "the same, as the catalogue calls them"),
        ShownMember("post", \.substitution.by, "the post that they hold"),
        ShownMember("through", { $0.substitution.to.advanced(by: -1) }, "the last day on which they do"),
        ShownMember("shared", \.substitution.isShared, "whether the holder acts as well"),
    ]
}
