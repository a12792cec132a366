import CaseCore
import CaseTesting
import Testing
import WorkingTime

@Suite("Fields of a matter")
struct MatterFieldTests {
    private static let fields = [
        MatterField(id: "name", name: "Name", longest: 5), MatterField(id: "area", name: "Area", kind: .number),
        MatterField(id: "from", name: "From", kind: .date), MatterField(id: "use", name: "Use", kind: .choice, choices: ["food", "books"]),
        MatterField(id: "remarks", name: "Remarks", kind: .text, isRequired: false),
    ]

    private func submit(_ fields: Fields) throws {
        let office = Office(matter: "permit")
        var register = office.terms.register
        let matter = try #require(register.matters["permit"])
        register.matters["permit"] = Matter(
            id: matter.id, name: matter.name, assignment: matter.assignment, policy: matter.policy, materials: matter.materials,
            fields: Self.fields)
        let submission = Submission(
            matter: "permit", title: "t", applicant: Applicant(id: "A", name: "N"), fields: fields, channel: "online")
        _ = try Submit(submission, materials: []).open(
            as: CaseID(1), receipt: "R", catalogVersion: 1, by: Office.principal(.submitter),
            under: Office(matter: "permit", register: register).terms, at: office.start)
    }

    private static let good: Fields = ["name": "abcde", "area": "-3.5", "from": "2026-03-24", "use": "food", "further": "anything"]

    @Test("What a matter asks for is said, in its form; what it does not name is further data")
    func whole() throws {
        try submit(Self.good)
        try submit(["name": "哈", "area": "0", "from": "2026-12-31", "use": "books", "remarks": "a\nb"])
    }

    @Test("All that is missing is said at once, and white space says nothing")
    func missing() {
        #expect(throws: Refusal.fieldsMissing(["name", "area", "from", "use"])) { try submit([:]) }
        #expect(throws: Refusal.fieldsMissing(["name"])) {
            try submit(["name": " \u{3000}", "area": "1", "from": "2026-03-24", "use": "food"])
        }
    }

    @Test(
        "What does not fit is refused by its name",
        arguments: [
            ("name", "abcdef", MatterField.Misfit.tooLong), ("name", "a\nb", .severalLines), ("name", "a\r\nb", .severalLines),
            ("area", "1 200", .noNumber), ("area", "1e3", .noNumber), ("area", ".5", .noNumber), ("area", "5.", .noNumber),
            ("area", "-", .noNumber), ("area", "１２", .noNumber), ("area", "--1", .noNumber), ("from", "2026-02-30", .noDate),
            ("from", "24.3.2026", .noDate), ("use", "Food", .noChoice), ("use", "cafe", .noChoice),
        ])
    func misfits(name: String, value: String, misfit: MatterField.Misfit) throws {
        let field = try #require(Self.fields.first { $0.id.raw == name })
        let others = Self.good.all.filter { $0.name != name }
        let fields = try Fields(from: .object(others.map { .init($0.name, .string($0.value)) } + [.init(name, .string(value))]))
        let refusal = Refusal.fieldUnfit(field, misfit)
        #expect(throws: refusal) { try submit(fields) }
        #expect(refusal.parameter == "fields.\(name)" && refusal.hint != nil)
    }
}
