import CaseCore
import CaseTesting
import Testing
import WorkingTime

@Suite("Fees")
struct FeeTests {
    let office = Office(matter: "survey", register: Office.surveyed)

    private func examined() throws -> CaseFile {
        var file = try office.file(in: .inReview)
        for step in office.terms.matter.steps { try office.act(&file, Examine(step.id, .inOrder, finding: "fine"), .office) }
        return file
    }

    private func settle(_ state: Settlement.State) -> SettleFee {
        SettleFee("charge", state, reference: state == .paid ? "R-1" : "", reason: state == .paid ? "" : "hardship")
    }

    /// A fee that stands so; nil where it is due.
    private func file(with state: Settlement.State?) throws -> CaseFile {
        var file = try examined()
        if state == .refunded { try office.act(&file, settle(.paid), .office) }
        if let state { try office.act(&file, settle(state), .office) }
        return file
    }

    @Test(
        "A fee leads from how it stands to what can come next, and nowhere else", arguments: [nil] + Settlement.State.allCases,
        Settlement.State.allCases)
    func steps(present: Settlement.State?, wanted: Settlement.State) throws {
        let allowed: [Settlement.State?: Set<Settlement.State>] = [
            nil: [.paid, .waived], .paid: [.refunded], .waived: [.paid], .refunded: [.paid, .waived],
        ]
        var file = try file(with: present)
        if allowed[present]!.contains(wanted) {
            try office.act(&file, settle(wanted), .office)
            #expect(file.settlements.map(\.state) == [wanted], "one of each fee is kept")
        } else {
            #expect(throws: Refusal.feeState("charge", present, wanted: wanted)) { try office.act(&file, settle(wanted), .office) }
        }
    }

    @Test(
        "A recommendation to grant needs every required fee paid or waived; a refusal is delivered whatever was paid",
        arguments: [nil] + Settlement.State.allCases)
    func needed(state: Settlement.State?) throws {
        let isSettled = state == .paid || state == .waived
        var granting = try file(with: state)
        let grant = Recommend(.grant, opinion: "in order")
        if isSettled {
            try office.act(&granting, grant, .office)
        } else {
            #expect(throws: Refusal.feesDue(["charge"])) { try office.act(&granting, grant, .office) }
        }
        var refusing = try file(with: state)
        try office.act(&refusing, Recommend(.refuse, opinion: "no"), .office)
        try office.act(&refusing, Refuse(reasons: "no"), .leader)
        try office.act(&refusing, Deliver(how: "post"), .office)
    }

    @Test("The leader decides whatever became of the fee, and a grant is not delivered without it; what was not accepted is")
    func notNeeded() throws {
        var granted = try office.file(in: .withLeader)
        try office.act(&granted, settle(.refunded), .office)
        try office.act(&granted, Grant(reasons: ""), .leader)
        #expect(throws: Refusal.feesDue(["charge"])) { try office.act(&granted, Deliver(how: "post"), .office) }
        var declined = try office.file(in: .notAccepted)
        try office.act(&declined, Deliver(how: "post"), .office)
        // An acceptance does not ask for it either.
        #expect(try office.file(in: .inReview).settlements.isEmpty)
    }

    @Test("The office says anything of a fee, the service that submitted the case that it was paid, and nobody else a word")
    func whoSays() throws {
        for state in Settlement.State.allCases {
            var file = try self.file(with: state == .refunded ? .paid : nil)
            let before = file
            if state == .paid {
                try office.act(&file, settle(state), .submitter)
            } else {
                #expect(throws: Refusal.feeForOffice(state)) { try office.act(&file, settle(state), .submitter) }
            }
            file = before
            try office.act(&file, settle(state), .office)
            for role in Role.allCases where role != .office && role != .submitter {
                var other = before
                #expect("\(role)") {
                    try office.act(&other, settle(state), role)
                } throws: { error in
                    if case .notPermitted = error as? Refusal { true } else { false }
                }
            }
        }
        // An officer who handed the case in has no part of the office in it, and is no payment desk.
        var own = try office.submit(by: Office.principal(.office))
        #expect(throws: Refusal.feeForOffice(.paid)) { try office.act(&own, settle(.paid), .office) }
    }

    @Test("A payment has a reference, and what is waived or refunded has a reason")
    func words() throws {
        var file = try file(with: nil)
        #expect(throws: Refusal.empty(parameter: "reference")) { try office.act(&file, SettleFee("charge", .paid, reason: "x"), .office) }
        #expect(throws: Refusal.empty(parameter: "reason")) { try office.act(&file, SettleFee("charge", .waived, reference: "x"), .office) }
        #expect(throws: Refusal.feeUnknown("form", ["charge"])) { try office.act(&file, SettleFee("form", .paid, reference: "x"), .office) }
        let paid = try office.act(&file, settle(.paid), .office)
        #expect(paid.notices.map(\.addressee) == [.handler])
        let refunded = try office.act(&file, settle(.refunded), .office)
        #expect(refunded.notices.map(\.addressee) == [.applicant])
    }

    @Test("Money moves in every state, also while the case is suspended", arguments: State.allCases)
    func everyState(state: State) throws {
        for file in try LifecycleTests.full.files(in: state) {
            let (command, at) = LifecycleTests.command(SettleFee.name, for: file)
            #expect(throws: Never.self) {
                try file.respond(to: command, by: Office.principal(.office), under: LifecycleTests.full.terms, at: at)
            }
        }
    }

    @Test("A fee is nothing that is handed in, nor that a notice of what is missing names")
    func noDocument() throws {
        #expect(throws: Refusal.materialIsFee("charge", parameter: "materials")) {
            try office.submit(materials: [SubmittedMaterial(id: "charge")])
        }
        var file = try office.submit()
        #expect(throws: Refusal.materialIsFee("charge", parameter: "missing")) {
            try office.act(&file, RequestCorrection(missing: ["charge"], note: ""), .office)
        }
        #expect(office.terms.requiredMaterials == ["form"])
    }

    @Test("An optional fee holds nothing up")
    func optional() throws {
        var register = Office.register
        let matter = register.matters["permit"]!
        register.matters["permit"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy,
            materials: matter.materials + [Material(id: "courier", name: "Courier", isRequired: false, kind: .fee, amount: "10.00 CNY")])
        let office = Office(register: register)
        var file = try office.file(in: .inReview)
        try office.act(&file, Recommend(.grant, opinion: "in order"), .office)
        try office.act(&file, Grant(reasons: ""), .leader)
        try office.act(&file, Deliver(how: "post"), .office)
    }
}
