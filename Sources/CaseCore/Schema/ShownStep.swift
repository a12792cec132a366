import WorkingTime

/// One step of the examination of a case, taken or not.
package struct ShownStep: ShownObject, Equatable {
    private let step: ExaminationStep
    private let examination: Examination?

    package init(_ step: ExaminationStep, of file: CaseFile) {
        self.step = step
        examination = file.examinations.first { $0.step == step.id }
    }

    package static let name = "step"
    package static let members: [ShownMember<ShownStep>] = [
        ShownMember("step", \.step.id, "its id"),
        ShownMember("name", \.step.name, "what people call it"),
        ShownMember("post", \.step.post, "the post whose actors take it; nothing where every officer may"),
        ShownMember("outcome", \.examination?.outcome, "in-order or defective; nothing where nobody has taken it"),
        ShownMember("finding", \.examination?.finding, "what was found"),
        ShownMember("by", \.examination?.by, "who took it"),
        ShownMember("at", \.examination?.at, "when"),
    ]
}
