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

    @Test(
        "What an import leaves out, understands and asks is printed before anything is written, and each question has a mend that settles it"
    )
    func questions() throws {
        let directory = TemporaryDirectory()
        let catalog = try catalog(directory)
        let calendar = try String(contentsOfFile: "\(catalog)/calendar.toml", encoding: .utf8)
        try calendar.replacing("valid-through", with: "make-up-words = [\"swapped\"]\nvalid-through")
            .write(toFile: "\(catalog)/calendar.toml", atomically: true, encoding: .utf8)
        let file = "\(directory.path)/2027.ics"
        func events(_ events: [String]...) throws {
            let lines = ["BEGIN:VCALENDAR"] + events.flatMap { ["BEGIN:VEVENT"] + $0 + ["END:VEVENT"] } + ["END:VCALENDAR"]
            try lines.joined(separator: "\r\n").write(toFile: file, atomically: true, encoding: .utf8)
        }
        func run(_ more: String...) throws -> Program {
            try Program("casectl", ["calendar", "import", file, "--catalog", catalog, "--list", "cn-2027", "--write"] + more)
        }
        let written = "\(catalog)/holidays-cn-2027.toml"
        try events(
            ["DTSTART:20270101", "DURATION:P3D", "SUMMARY:New Year"], ["DTSTART:20270103", "SUMMARY:Swapped Sunday"],
            ["DTSTART:20270401", "SUMMARY:perhaps", "STATUS:TENTATIVE"])
        let asked = try run()
        #expect(asked.status == 1 && !FileManager.default.fileExists(atPath: written))
        #expect(
            asked.output == """
                Left out:
                  line 11: 2027-04-01, perhaps: TENTATIVE

                Understood:
                  line 7: 2027-01-03, Swapped Sunday: worked, by the word "swapped"

                To be decided:
                  2027-01-03 is off by "New Year" (line 2) and worked by "Swapped Sunday" (line 7); decide it with --off 2027-01-03 or --worked 2027-01-03

                DAY         WEEKDAY   BEFORE  AFTER
                2027-01-01  friday    -       off: New Year
                2027-01-02  saturday  -       off: New Year

                """)
        #expect(asked.errors.contains("nothing is taken over: something is to be decided\n  decide it with --off 2027-01-03"))
        #expect(try run("--off", "2027-01-03", "--worked", "2027-01-03").status == 64 && run("--off", "tomorrow").status == 64)
        #expect(try run("--worked-word", "-").status == 64 && run("--end-day", "never").status == 64)
        let decided = try run("--worked", "2027-01-03", "--off", "2027-01-02", "--off", "2027-01-01")
        #expect(decided.status == 0 && decided.output.contains("2027-01-03  sunday    -       worked: Swapped Sunday"), "\(decided.errors)")

        // What was worked is off: another meaning, which is said; and what the file holds besides is not lost.
        try events(["DTSTART:20270101", "DTEND:20270104", "SUMMARY:New Year"])
        let text = try String(contentsOfFile: written, encoding: .utf8)
        try (text + "[holidays.cn-2028]\nyear = 2028\n").write(toFile: written, atomically: true, encoding: .utf8)
        let shared = try run()
        #expect(shared.status == 1 && shared.errors.contains("holidays-cn-2027.toml also holds holidays.cn-2028, which would be lost"))
        try text.write(toFile: written, atomically: true, encoding: .utf8)
        let changed = try run()
        #expect(
            changed.status == 0 && changed.output.contains("Named before, and with another meaning now: 2027-01-03."), "\(changed.output)")

        // Before the year is decided.
        let before = try String(contentsOfFile: written, encoding: .utf8)
        try #"{"year": 2027, "days": []}"#.write(toFile: file, atomically: true, encoding: .utf8)
        let empty = try run()
        #expect(empty.status == 1 && empty.output.contains("there is no day of 2027 in it") && empty.errors.contains("--empty-year"))
        #expect(try String(contentsOfFile: written, encoding: .utf8) == before)
        #expect(try run("--empty-year").status == 0)
        #expect(try String(contentsOfFile: written, encoding: .utf8) == "[holidays.\"cn-2027\"]\nyear = 2027\n")
    }

    @Test("calendar why says by which entry of which version a day counts or not, and whether that is official")
    func why() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        func casectl(_ arguments: String...) throws -> Program {
            try Program("casectl", ["calendar", "why"] + arguments, environment: ["CASED_SOCKET": daemon.socket])
        }
        #expect(try casectl("today").status == 66, "no catalogue yet")
        var files = SmallOffice.files()
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        files["calendar.toml"] = files["calendar.toml"]!.replacing("valid-through", with: "holidays = [\"city\"]\nvalid-through")
        files["city.toml"] = """
            [holidays.city]
            year = 2026
            [[holidays.city.holiday]]
            name = "fair"
            on = 2026-03-09
            [[holidays.city.holiday]]
            name = "short day"
            on = 2026-03-10
            windows = ["09:00-12:00"]
            [[holidays.city.make-up]]
            name = "city make-up"
            from = 2026-02-14
            to = 2026-02-15
            """
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        let made = try casectl("2026-02-14")
        #expect(
            made.output == """
                2026-02-14, saturday: worked 09:00-12:00 14:00-17:00
                  a make-up working day: "make-up day", by calendar.cn
                  over the word of holidays.city, which stand before it
                  official: calendar cn (Asia/Shanghai) is official through 2026-12-31
                  catalogue version 2, applied at 2026-02-06T01:00:00Z by hall

                """, "\(made.errors)")
        for (day, sign) in [
            ("2026-03-09", "not worked\n  a holiday: \"fair\", by holidays.city"),
            ("2026-03-10", "worked 09:00-12:00\n  worked in other windows than its weekday: \"short day\", by holidays.city"),
            ("today", "2026-02-06, friday: worked 09:00-12:00 14:00-17:00\n  as every friday by calendar.cn\n  official"),
            ("2026-03-08", "not worked\n  as every sunday by calendar.cn"),
            ("2027-03-08", "provisional: calendar cn (Asia/Shanghai) is official through 2026-12-31, and no year is published beyond that"),
            ("2025-03-10", "provisional: calendar cn (Asia/Shanghai) names no day of 2025, nor of a year before: the week alone speaks"),
        ] {
            let told = try casectl(day, "--calendar", "cn")
            #expect(told.output.contains(sign), "\(day): \(told.output) \(told.errors)")
        }
        let first = try casectl("2026-03-09", "--version", "1")
        #expect(first.output.contains("as every monday") && first.output.contains("catalogue version 1, "))
        #expect(try casectl("2026-03-09", "--version", "9").status == 66 && casectl("2026-03-09", "--calendar", "none").status == 66)
        daemon.terminate()
    }

    @Test("calendar diff says which days two catalogues count differently, and what the calendars alone do to running cases")
    func difference() throws {
        let directory = TemporaryDirectory()
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        func casectl(_ arguments: String...) throws -> Program {
            try Program("casectl", ["calendar", "diff"] + arguments, environment: ["CASED_SOCKET": daemon.socket])
        }
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        #expect(try casectl().status == 66, "there is no version before")
        _ = try client.call("case.submit", SmallOffice.submission()).get()
        let folder = try catalog(directory)
        let same = try casectl(folder)
        #expect(same.output == "From version 1 to \(folder): no calendar counts otherwise.\n", "\(same.errors)")

        // A holiday comes into the time of the case, and a limit changes beside it, which the calendars have no part in.
        let limits = try String(contentsOfFile: "\(folder)/sla.toml", encoding: .utf8)
        try limits.replacing("budget = \"5 working-days\"", with: "budget = \"9 working-days\"")
            .write(toFile: "\(folder)/sla.toml", atomically: true, encoding: .utf8)
        let text = try String(contentsOfFile: "\(folder)/calendar.toml", encoding: .utf8)
        let changed =
            text.replacing("name = \"make-up day\"\non = 2026-02-14", with: "name = \"swap\"\non = 2026-02-14")
            .replacing("valid-through = 2026-12-31", with: "valid-through = 2026-11-30")
            .replacing("friday = [\"09:00-12:00\", \"14:00-17:00\"]", with: "friday = [\"09:00-12:00\"]")
            + "[[calendar.cn.holiday]]\nname = \"fair\"\non = 2026-02-10\n"
        try changed.write(toFile: "\(folder)/calendar.toml", atomically: true, encoding: .utf8)
        let other = try casectl(folder)
        #expect(
            other.output == """
                From version 1 to \(folder):

                calendar cn
                  valid-through: 2026-12-31 → 2026-11-30
                  every friday: worked 09:00-12:00 14:00-17:00 → worked 09:00-12:00

                DAY         WEEKDAY   BEFORE                                       AFTER                                 REMARK
                2026-02-10  tuesday   worked 09:00-12:00 14:00-17:00               off: fair                             -
                2026-02-14  saturday  worked 09:00-12:00 14:00-17:00: make-up day  worked 09:00-12:00 14:00-17:00: swap  only the name

                The calendars of \(folder), applied to version 1 now:

                CLOCKS  LATER  EARLIER  KEPT  BREACHED  NOW OFFICIAL
                1       1      0        0     0         0

                CASE  CLOCK   FROM                  TO                    REMARK
                C-1   intake  2026-02-13T16:00:00Z  2026-02-14T16:00:00Z  -

                """, "\(other.output) \(other.errors)")
        let json = try Program(
            "casectl", ["calendar", "diff", folder, "--json"], environment: ["CASED_SOCKET": daemon.socket]
        ).output
        #expect(json.contains(#""later":1"#) && json.contains(#""counts_otherwise":false"#), "\(json)")

        // Two folders need no server.
        let plain = TemporaryDirectory()
        let before = try catalog(plain)
        let folders = try Program("casectl", ["calendar", "diff", before, folder], environment: ["CASED_SOCKET": "/none"])
        #expect(folders.output.contains("only the name") && folders.output.contains("is told where one of the two is a version"))
        #expect(try casectl(folder, "--calendar", "none").status == 66)
        daemon.terminate()
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
