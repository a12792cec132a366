import CaseTesting
import Foundation
import Testing

@Suite("casectl calendar and clock")
struct CalendarCommandTests {
    private func catalog(_ directory: TemporaryDirectory) throws -> String {
        let path = "\(directory.path)/catalog"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in SmallOffice.files() { try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8) }
        return path
    }

    private static let year = """
        {"year": 2027, "papers": ["https://example.org/notice"], "days": [
            {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
            {"name": "元旦", "date": "2027-01-02", "isOffDay": true},
            {"name": "元旦\\u001b[31m 补班", "date": "2027-01-09", "isOffDay": false}]}
        """

    @Test("An import shows each day that differs, and takes nothing over before it is told to")
    func imports() throws {
        let directory = TemporaryDirectory()
        let catalog = try catalog(directory)
        let file = "\(directory.path)/2027.json"
        try Self.year.write(toFile: file, atomically: true, encoding: .utf8)
        func run(_ more: String...) throws -> Program {
            try Program("casectl", ["calendar", "import", file, "--catalog", catalog, "--list", "cn-2027"] + more)
        }
        let shown = try run()
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(
            shown.output == """
                DAY         WEEKDAY   BEFORE  AFTER
                2027-01-01  friday    -       off: 元旦
                2027-01-02  saturday  -       off: 元旦
                2027-01-09  saturday  -       worked: 元旦\\u{1b}[31m 补班

                Nothing was written: add --write to take it over.

                """)
        #expect(!FileManager.default.fileExists(atPath: "\(catalog)/holidays-cn-2027.toml"))
        let written = try run("--write")
        #expect(written.output.contains("Next: add \"cn-2027\" to the holidays of a calendar"))
        #expect(try Program("casectl", ["catalog", "check", catalog]).status == 0)
        #expect(try run("--write").output.contains("Nothing differs."))

        // The authority changes its mind.
        try Self.year.replacing("2027-01-02", with: "2027-01-03").write(toFile: file, atomically: true, encoding: .utf8)
        let changed = try run()
        #expect(
            changed.output.contains("2027-01-02  saturday  off: 元旦  -")
                && changed.output.contains("2027-01-03  sunday    -          off: 元旦"))
        #expect(changed.errors.isEmpty)
    }

    @Test("An import that would break the catalogue, or that stands elsewhere already, is refused with the mend")
    func refused() throws {
        let directory = TemporaryDirectory()
        let catalog = try catalog(directory)
        let file = "\(directory.path)/2027.json"
        try Self.year.write(toFile: file, atomically: true, encoding: .utf8)
        let elsewhere = "[holidays.cn-2027]\nyear = 2027\n"
        try elsewhere.write(toFile: "\(catalog)/other.toml", atomically: true, encoding: .utf8)
        func run(_ list: String) throws -> Program {
            try Program("casectl", ["calendar", "import", file, "--catalog", catalog, "--list", list, "--write"])
        }
        let declared = try run("cn-2027")
        #expect(
            declared.status == 1 && declared.errors.contains("declared in other.toml") && declared.errors.contains("choose another --list"))
        let name = try run("CN 2027")
        #expect(name.status == 1 && name.output.contains("is not a named entry"))
        try Data("[]".utf8).write(to: URL(fileURLWithPath: file))
        let unreadable = try run("x")
        #expect(unreadable.status == 1 && unreadable.errors.contains("neither JSON with a year's days nor an iCalendar file"))
        #expect(try Program("casectl", ["calendar", "import", "\(directory.path)/none", "--catalog", catalog, "--list", "x"]).status == 66)
        #expect(try FileManager.default.contentsOfDirectory(atPath: catalog).count == 6, "nothing was written")
    }

    @Test("A month looks like a month on a wall, Chinese names aligned")
    func month() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        var files = SmallOffice.files()
        files["calendar.toml"]! += """
            [[calendar.cn.holiday]]
            name = "半天"
            on = 2026-02-27
            windows = ["09:00-12:00"]
            """
        files["calendar.toml"] = files["calendar.toml"]!.replacing(
            "name = \"holiday\"\nfrom = 2026-02-15", with: "name = \"春节\"\nfrom = 2026-02-15")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        let environment = ["CASED_SOCKET": daemon.socket]
        let program = try Program("casectl", ["calendar", "show", "cn"], environment: environment)
        #expect(
            program.output == """
                cn (Asia/Shanghai), official through 2026-12-31

                2026-02, 16 working days
                  Mon    Tue    Wed    Thu    Fri    Sat    Sun
                                                             1.
                   2      3      4      5      6      7.     8.
                   9     10     11     12     13     14+    15*
                  16*    17*    18*    19*    20*    21*    22*
                  23*    24     25     26     27~    28+

                FROM        TO          NAME         WORKED
                2026-02-14  2026-02-14  make-up day  09:00-12:00 14:00-17:00
                2026-02-15  2026-02-23  春节         -
                2026-02-27  2026-02-27  半天         09:00-12:00
                2026-02-28  2026-02-28  make-up day  09:00-12:00 14:00-17:00

                * holiday   ~ half day   + make-up working day   . not worked   ? not official yet

                """)
        let beyond = try Program("casectl", ["calendar", "show", "cn", "2027-01"], environment: environment)
        #expect(beyond.output.contains("   4 ?    5 ?"))
        #expect(try Program("casectl", ["calendar", "show", "cn", "2026-13"], environment: environment).status == 64)
        #expect(try Program("casectl", ["calendar", "show", "none"], environment: environment).status == 66)
        daemon.terminate()
    }

    @Test("casectl status warns 60 days before a calendar ends, and tells how far changed rules are")
    func status() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-10-31T00:00:00Z")
        let environment = ["CASED_SOCKET": daemon.socket]
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        #expect(try !Program("casectl", ["status"], environment: environment).output.contains("publish the next year"))
        _ = try Program("casectl", ["clock", "advance", "2026-11-01T00:00:00Z"], environment: environment)
        let near = try Program("casectl", ["status"], environment: environment).output
        #expect(near.contains("! calendar cn is official only through 2026-12-31: publish the next year"))
        let confirm = try Program("casectl", ["clock", "confirm"], environment: environment)
        #expect(confirm.status == 1 && confirm.errors.contains("there is nothing to confirm"))
        daemon.terminate()
    }
}
