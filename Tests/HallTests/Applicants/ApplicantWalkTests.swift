import CasePages
import CaseTesting
import Testing

@testable import casehall

@Suite("An applicant in a browser", .enabled(if: Browser.isThere, Comment(rawValue: Browser.whereFrom)), .serialized)
struct ApplicantWalkTests {
    @Test(
        "From the guide to a decision that is checked, with an error, a correction and notices between: by keyboard without scripts, and judged",
        arguments: Language.allCases)
    func walk(language: Language) throws {
        let test = try ApplicantHall(isSealed: true, language: language)
        let program = try Browser.run(
            "applicant.py",
            [
                "http://\(test.hall.place)", language.rawValue, try test.token("91230100MA", "哈尔滨石墨产业园"),
                "\(DaemonProcess.programs)/casectl", test.daemon.socket,
            ])
        #expect(program.status == 0, "\(program.output) \(program.errors)")
        #expect(program.output == "by keyboard\njudged\n")
    }
}
