import CaseTesting
import Testing

@Suite("casectl on areas, steps and fees")
struct SurveyCommandTests {
    @Test("A case with an area, steps and a fee goes its whole way on the command line, and is shown as it stands")
    func wholeWay() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(SmallOffice.files().merging(SmallOffice.survey) { $1 })).get()
        func done(_ arguments: String...) throws -> String {
            let program = try daemon.casectl(arguments)
            #expect(program.status == 0, "\(arguments): \(program.errors)")
            return program.output
        }
        let submission = [
            "submit", "survey", "--title", "Plot 5", "--applicant-id", "91", "--applicant-name", "Park", "--material", "form",
        ]
        let refused = try Program("casectl", submission, environment: ["CASED_SOCKET": daemon.socket])
        #expect(refused.status == 64 && refused.errors.contains("one of north, south"), "\(refused.errors)")
        let submitted = try Program("casectl", submission + ["--area", "north"], environment: ["CASED_SOCKET": daemon.socket])
        #expect(submitted.status == 0, "\(submitted.errors)")
        #expect(try done("show", "C-1").contains("not taken yet"))
        #expect(try done("list", "--area", "north", "--json=case,area,handler").contains(#""area":"north","handler":"otto""#))
        #expect(try done("count", "--area", "south").hasPrefix("0"))
        let unknown = try daemon.casectl("list", "--area", "noth")
        #expect(unknown.status == 66 && unknown.errors.contains("did you mean north?"), "\(unknown.errors)")
        _ = try done("accept", "C-1", "--as", "otto")
        let early = try daemon.casectl("recommend", "C-1", "grant", "--opinion", "x", "--as", "otto")
        #expect(early.status == 1 && early.errors.contains("steps of the examination are missing: papers, site"), "\(early.errors)")
        _ = try done("examine", "C-1", "papers", "in-order", "--finding", "complete", "--as", "hana")
        let other = try daemon.casectl("examine", "C-1", "site", "in-order", "--finding", "x", "--as", "hana")
        #expect(other.status == 77 && other.errors.contains("could be taken by otto"), "\(other.errors)")
        _ = try done("examine", "C-1", "site", "defective", "--finding", "a wall is missing", "--as", "otto")
        let due = try daemon.casectl("recommend", "C-1", "grant", "--opinion", "x", "--as", "otto")
        #expect(due.status == 1 && due.errors.contains("fees are due: charge"), "\(due.errors)")
        _ = try done("settle-fee", "C-1", "charge", "waived", "--reason", "hardship", "--as", "otto")
        let shown = try done("show", "C-1")
        #expect(shown.contains("defective: a wall is missing, by otto at 2026-02-06T01:00:00Z"), "\(shown)")
        #expect(shown.contains("120.00 CNY, waived, hardship, by otto at 2026-02-06T01:00:00Z"), "\(shown)")
        _ = try done("recommend", "C-1", "grant", "--opinion", "x", "--as", "otto")
        for text in ["Survey charge: 120.00 CNY", "Examination of the papers; Visit of the site", "north (Officer); south"] {
            #expect(try done("catalog", "guide", "survey").contains(text), "\(text)")
        }
        daemon.terminate()
    }
}
