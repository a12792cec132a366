import CaseCore
import WorkingTime

extension Refusal {
    /// Each refusal at least once, and each way in which one is worded.
    package static let examples: [Refusal] =
        State.allCases.map { .stateNotAllowed(Grant.name, state: $0) } + [
            .stateNotAllowed(Grant.name, state: nil), .stateNotAllowed(Accept.name, state: .withdrawn), .suspended(Grant.name),
            .notSuspended,
            .alreadySuspended(.hearing), .severalSuspensions([.hearing, .appraisal]),
            .notPermitted(Grant.name, principal: "x", permitted: [], holders: []),
            .notPermitted(Grant.name, principal: "x", permitted: [.leader, .office], holders: ["office hall (otto)", "post leader"]),
            .notReadable(CaseID(1), principal: "x", holders: ["post leader"]), .fourEyes(Grant.name, person: "x", other: .office),
            .fourEyes(Escalate.name, person: "x", other: .submitter), .hasRecused("x"), .administers("x"), .serviceSide(Accept.name, "x"),
            .assignedTo("x"), .notAnOfficer("x", "y", officers: []), .notAnOfficer("x", "y", officers: ["z"]), .isRecused("x"),
            .nobodyElse("x", "post leader"), .lastDecider(Accept.name, "x", "y"), .serviceNotForMatter("x", "y"), .empty(parameter: "x"),
            .empty(parameter: "refers_to"), .materialsMissing(["form"], in: .submitted), .materialsMissing(["form"], in: .inReview),
            .materialUnknown("x", parameter: "materials", known: []), .materialUnknown("x", parameter: "materials", known: ["form"]),
            .areaMissing(["x"]), .areaUnknown("y", ["x"]), .areaUnknown("y", []), .fieldsMissing(["x"]),
            .fieldUnfit(MatterField(id: "x", name: "X", longest: 3), .tooLong), .fieldUnfit(MatterField(id: "x", name: "X"), .severalLines),
            .fieldUnfit(MatterField(id: "x", name: "X", kind: .number), .noNumber),
            .fieldUnfit(MatterField(id: "x", name: "X", kind: .date), .noDate),
            .fieldUnfit(MatterField(id: "x", name: "X", kind: .choice, choices: ["a", "b"]), .noChoice), .channelUnknown("fax", ["online"]),
            .stepUnknown("x", []),
            .stepUnknown("x", ["y"]), .stepTaken("x", by: "y", at: Instant(seconds: 0)), .stepNotNext("x", next: "y"),
            .stepForPost("x", "y", ["z"]), .stepsMissing(["x"]), .materialIsFee("x", parameter: "missing"), .feeUnknown("x", []),
            .feeUnknown("x", ["y"]), .feeForOffice(.waived), .feeForOffice(.paid), .feeState("x", nil, wanted: .refunded),
            .feeState("x", .waived, wanted: .refunded), .feeState("x", .paid, wanted: .paid), .feesDue(["x"]),
            .itemsNotInFirstNotice(["x"]),
            .clockNotRunning(.intake), .clockNotExtendable(.intake), .alreadyExtended(.intake), .alreadyBreached(.intake),
            .extensionTooLong(limit: Length(1, .minutes)), .suspensionTooLong(.hearing, limit: Length(1, .minutes)), .alreadyDelivered,
            .wasRevoked(by: CaseID(2)), .orderAlreadyOpen, .noOpenOrder, .orderForAnother(.handler), .notDrawn("x", []),
            .notDrawn("x", ["y"]),
            .noSuchCase(CaseID(1)), .refersToNothing("permit"), .notRevocable(CaseID(1), .otherApplicant),
            .notRevocable(CaseID(1), .otherMatter("x")), .notRevocable(CaseID(1), .notGranted(.refused)),
            .notRevocable(CaseID(1), .isRevoked(CaseID(2))), .notRevocable(CaseID(1), .isInQuestion(CaseID(2))), .notConsulted("fire", []),
            .notConsulted("fire", ["water"]), .opinionAlreadyAsked("fire"), .tooManyOpinions, .noOpenOpinion("fire"), .noOpenOpinion(""),
            .opinionOfAnother("fire"), .opinionAwaited("fire"), .notDue, .wasErased(Note.name),
            .erasureNotAsked, .erasureByOne("x"), .notRevocable(CaseID(1), .isErased),
            .isRetained(CaseID(1), .unlimited("x")), .isRetained(CaseID(1), .until(Instant(seconds: 0))),
            .isRetained(CaseID(1), .openOrder),
            .isRetained(CaseID(1), .undelivered), .isRetained(CaseID(1), .inQuestion(CaseID(2))), .isRetained(CaseID(1), .drawn),
            .isRetained(CaseID(1), .older), .sealMissing("x"),
            .signatureMissing(Grant.name, "x"),
        ] + SignatureFault.allCases.map { .signatureWrong(Grant.name, $0) }
}
