import WorkingTime

/// A step of the examination that a matter asks for: each is taken once, in the order of the matter, before the office recommends.
package struct ExaminationStep: Sendable, Equatable {
    package let id: StepID
    package let name: String
    /// The post of the office whose actors take it; nil where every officer may.
    package let post: PostID?

    /// How many a matter has at most.
    package static let limit = 20

    package init(id: StepID, name: String, post: PostID? = nil) {
        self.id = id
        self.name = name
        self.post = post
    }
}

package typealias StepID = Identifier<ExaminationStep>

extension CaseFile {
    /// The steps that the matter asks for and nobody has taken, in their order.
    func missingSteps(under terms: Terms) -> [StepID] {
        terms.matter.steps.map(\.id).filter { id in !examinations.contains { $0.step == id } }
    }

    /// The step that comes next, while the case is examined.
    func nextExaminationStep(under terms: Terms) -> ExaminationStep? {
        guard state == .inReview else { return nil }
        let next = missingSteps(under: terms).first
        return terms.matter.steps.first { $0.id == next }
    }

    /// Who takes a step: those who act for its post and may examine the case; nil where every officer may.
    func takers(of step: ExaminationStep, on day: Day, in register: Register) -> [PersonID]? {
        guard let post = step.post, register.posts(of: assignment.office).contains(post) else { return nil }
        let actors = register.actors(for: post, on: day, recused: recused).map(\.person)
            .filter { hindrance(of: $0, as: .office, in: register) == nil }
        return actors.isEmpty ? nil : actors
    }

    func requireSteps(under terms: Terms) throws(Refusal) {
        let missing = missingSteps(under: terms)
        if !missing.isEmpty { throw .stepsMissing(missing) }
    }

    /// Refuses a step to whoever does not act for its post. Where nobody acts for it who may examine the case, or it is no post of the office
    /// any more, every officer may take the step, so that no case is ever left with nobody.
    func requireActor(for step: ExaminationStep, _ draft: Draft) throws(Refusal) {
        guard let post = step.post, let person = draft.principal.person,
            let takers = takers(of: step, on: draft.terms.calendar.zone.day(of: draft.now), in: draft.terms.register)
        else { return }
        if !takers.contains(person) { throw .stepForPost(step.id, post, takers) }
    }
}

extension Register {
    func stepViolations(of matter: Matter) -> [Violation] {
        let path = ["matter", matter.id.raw, "step"]
        let places = matter.steps.compactMap { step -> Violation? in
            guard let id = step.post, let post = posts[id] else { return nil }
            if offices[matter.assignment.office] != nil, post.office != matter.assignment.office {
                return Violation(
                    path: path, rule: .step,
                    message: "step \(step.id) of \(matter.id) has \(id), which is no post of \(matter.assignment.office)",
                    mend: "name a post of the matter's own office: one office examines a matter",
                    premises: [.key(["post", id.raw, "office"])])
            }
            guard post.holder == nil else { return nil }
            return Violation(
                path: path, rule: .vacancy, message: "step \(step.id) of \(matter.id) is for post \(id), which has no holder",
                mend: "name a holder in [post.\(id)], or leave the post of the step out", premises: [.key(["post", id.raw, "holder"])])
        }
        guard matter.steps.count > ExaminationStep.limit else { return places }
        return places + [
            Violation(
                path: path, rule: .step, message: "\(matter.id) has \(matter.steps.count) steps, and \(ExaminationStep.limit) are allowed",
                mend: "let several of them be one")
        ]
    }
}
