import CaseTesting
import Catalogue
import Foundation
import Testing
import WorkingTime

/// Published files become lists of days by RFC 5545, or by the form of a year's JSON, and nothing is lost or guessed in silence.
@Suite("Imports of published years")
struct HolidayImportTests {
    typealias Options = HolidayImport.Options

    private func read(_ text: String, _ change: (inout Options) -> Void = { _ in }) throws -> HolidayImport {
        var options = Options()
        change(&options)
        return try HolidayImport(Array(text.utf8), options)
    }

    /// A file of events, each by its lines.
    private static func calendar(_ events: [String]...) -> String {
        (["BEGIN:VCALENDAR", "VERSION:2.0"] + events.flatMap { ["BEGIN:VEVENT"] + $0 + ["END:VEVENT"] } + ["END:VCALENDAR", ""])
            .joined(separator: "\r\n")
    }

    private func days(_ read: HolidayImport) -> [String] {
        read.list.runs.map {
            ($0.from == $0.to ? "\($0.from)" : "\($0.from)–\($0.to)") + " \($0.entry.name) \($0.entry.kind == .off ? "off" : "worked")"
        }
    }

    // MARK: What is read

    @Test("An iCalendar file is read: folded lines, escapes, days that follow each other, working days by their words")
    func iCalendar() throws {
        let read = try read(
            """
            BEGIN:VCALENDAR\r
            BEGIN:VEVENT\r
            DTSTART;VALUE=DATE:20260215\r
            DTEND;VALUE=DATE:20260218\r
            SUMMARY:Spring\\, Fes\r
             tival\r
            END:VEVENT\r
            BEGIN:VEVENT\r
            DTSTART;VALUE=DATE:20260214\r
            SUMMARY;LANGUAGE=zh;X-NOTE="a:b;c":春节 补班\r
            END:VEVENT\r
            BEGIN:VEVENT\r
            DTSTART;VALUE=DATE:20260301\r
            SUMMARY:called off\r
            STATUS:CANCELLED\r
            END:VEVENT\r
            END:VCALENDAR\r

            """)
        #expect(read.list.year == 2026 && read.questions.isEmpty)
        #expect(days(read) == ["2026-02-14 春节 补班 worked", "2026-02-15–2026-02-17 Spring, Festival off"])
        #expect(read.leftOut.map(\.description) == ["line 12: 2026-03-01, called off: CANCELLED"])
        #expect(read.understood.map(\.description) == ["line 8: 2026-02-14, 春节 补班: worked, by the word \"补班\""])
    }

    @Test("A line may be folded after any byte, also within a character, by a space or a tab", arguments: [" ", "\t"])
    func folding(blank: String) throws {
        let line = Array("SUMMARY:春节 Łąka 🎉".utf8)
        for place in 1..<line.count {
            let bytes =
                Array("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260215\n".utf8) + line[..<place] + Array("\r\n\(blank)".utf8)
                + line[place...]
                + Array("\nEND:VEVENT\nEND:VCALENDAR".utf8)
            #expect(try days(HolidayImport(bytes)) == ["2026-02-15 春节 Łąka 🎉 off"], "after byte \(place)")
        }
    }

    @Test(
        "An event lasts as long as it says, by DTEND, by DURATION, or for its one day",
        arguments: [
            ([], "2026-02-15"), (["DTEND;VALUE=DATE:20260216"], "2026-02-15"), (["DTEND;VALUE=DATE:20260223"], "2026-02-15–2026-02-22"),
            (["DURATION:P8D"], "2026-02-15–2026-02-22"), (["DURATION:+P1D"], "2026-02-15"), (["DURATION:P2W"], "2026-02-15–2026-02-28"),
        ])
    func lengths(lines: [String], span: String) throws {
        #expect(try days(read(Self.calendar(["DTSTART;VALUE=DATE:20260215", "SUMMARY:x"] + lines))) == ["\(span) x off"])
    }

    @Test("Where DTEND is the last day, the file says so nowhere: it is asked for, and then holds for all events")
    func lastDay() throws {
        let text = Self.calendar(
            ["DTSTART:20260101", "DTEND:20260101", "SUMMARY:one"], ["DTSTART:20260501", "DTEND:20260503", "SUMMARY:three"])
        #expect { try read(text) } throws: {
            "\($0)".contains("line 5: DTEND is 2026-01-01, the day on which the event begins, and by RFC 5545 it is the day after the last")
        }
        #expect(try days(read(text) { $0.endDay = .last }) == ["2026-01-01 one off", "2026-05-01–2026-05-03 three off"])
        #expect(try days(read(text) { $0.endDay = .after }) == ["2026-01-01 one off", "2026-05-01–2026-05-02 three off"])
    }

    @Test("What lies in an event, such as an alarm, says nothing of it, wherever it stands")
    func alarm() throws {
        let alarm = [
            "BEGIN:VALARM", "SUMMARY:wake up, 补班", "DTSTART:20260101", "DURATION:PT15M", "RRULE:FREQ=DAILY", "STATUS:CANCELLED",
            "END:VALARM",
        ]
        let event = ["DTSTART:20260215", "DURATION:P2D", "SUMMARY:Spring"]
        for lines in [alarm + event, event + alarm, Array(event[..<1]) + alarm + event[1...] + alarm] {
            #expect(try days(read(Self.calendar(lines))) == ["2026-02-15–2026-02-16 Spring off"])
        }
    }

    // MARK: What is left out

    @Test("Events that were called off or are not sure, days of other years, and what is no event, are left out and named")
    func leftOut() throws {
        let read = try read(
            """
            BEGIN:VCALENDAR
            BEGIN:VEVENT
            SUMMARY:New Year
            DTSTART:20251231
            DTEND:20260103
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:perhaps
            DTSTART:20260401
            RRULE:FREQ=YEARLY
            STATUS:tentative
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:sure
            DTSTART:20260501
            STATUS:CONFIRMED
            END:VEVENT
            BEGIN:VTODO
            SUMMARY:buy flowers
            END:VTODO
            BEGIN:VEVENT
            SUMMARY:next 补班
            DTSTART:20270101
            END:VEVENT
            END:VCALENDAR
            BEGIN:VCALENDAR
            METHOD:CANCEL
            BEGIN:VEVENT
            SUMMARY:withdrawn
            DTSTART:20260601
            END:VEVENT
            END:VCALENDAR
            """
        ) { $0.year = 2026 }
        #expect(days(read) == ["2026-01-01–2026-01-02 New Year off", "2026-05-01 sure off"])
        #expect(
            read.leftOut.map(\.description) == [
                "line 2: 2025-12-31, New Year: not of 2026", "line 7: 2026-04-01, perhaps: TENTATIVE", "line 18: VTODO: no event",
                "line 21: 2027-01-01, next 补班: not of 2026", "line 28: 2026-06-01, withdrawn: CANCELLED",
            ])
        #expect(read.understood.isEmpty, "days of other years are not spoken of further")
    }

    @Test("Of the revisions of one event the last counts, also where that calls it off")
    func revisions() throws {
        func event(_ sequence: Int, _ day: String, _ more: String...) -> [String] {
            ["UID:a", "SEQUENCE:\(sequence)", "DTSTART:\(day)", "SUMMARY:x"] + more
        }
        let other = ["UID:b", "DTSTART:20260601", "SUMMARY:y"]
        let moved = try read(Self.calendar(event(1, "20260202"), event(0, "20260201"), other))
        #expect(days(moved) == ["2026-02-02 x off", "2026-06-01 y off"] && moved.leftOut.count == 1)
        let off = try read(Self.calendar(event(0, "20260201"), event(1, "20260201", "STATUS:CANCELLED"), other))
        #expect(days(off) == ["2026-06-01 y off"] && off.leftOut.count == 2)
    }

    // MARK: Words

    @Test(
        "A word makes a working day only where it is whole, and what denies it is asked about",
        arguments: [
            ("补班", "worked"), ("春节补班", "worked"), ("春节 补班", "worked"), ("国庆节（班）", "worked"), ("班", "worked"), ("春节调休补班", "worked"),
            ("国庆节调休上班", "worked"), ("工作日", "worked"), ("Make-up day", "worked"), ("MAKE\u{2011}UP", "worked"), ("Working  Day", "worked"),
            ("(working day)", "worked"), ("Special workday", "worked"),
            ("Non-working day", "off"), ("Nonworking day", "off"), ("航班日", "off"), ("班级日", "off"), ("不上班", "off"), ("非工作日", "off"),
            ("免补班", "off"), ("Makeupartists", "off"), ("Spring Festival", "off"), ("国庆节假期", "off"), ("working daybreak", "off"),
            ("Not a working day", "asked"), ("No working day", "asked"), ("Make-up day off", "asked"), ("Make-up holiday", "asked"),
            ("无需上班", "asked"), ("放假，不用补班", "asked"), ("Make-up for a non-working day", "asked"),
        ])
    func words(name: String, sense: String) throws {
        let text = Self.calendar(["DTSTART:20260214", "SUMMARY:\(name)"])
        let read = try read(text)
        let kind = read.list.days[Day("2026-02-14")!]?.kind
        #expect((kind == nil ? "asked" : kind == .off ? "off" : "worked") == sense)
        #expect(read.questions.count == (sense == "asked" ? 1 : 0))
        if sense == "asked" {
            #expect(read.questions[0].mend == "decide it with --off 2026-02-14 or --worked 2026-02-14")
            #expect(try days(self.read(text) { $0.decided = [Day("2026-02-14")!: .off] }).first?.hasSuffix(" off") == true)
        }
    }

    @Test("A word may stand in a category, and the list of words can be another one")
    func otherWords() throws {
        let text = Self.calendar(["DTSTART:20260214", "SUMMARY:Saturday", "CATEGORIES:China,Bridge day worked"])
        #expect(try days(read(text)) == ["2026-02-14 Saturday off"])
        let words = MakeUpWords(["bridge day worked"])
        #expect(try days(read(text) { $0.words = words }) == ["2026-02-14 Saturday worked"])
        #expect(try days(read(Self.calendar(["DTSTART:20260214", "SUMMARY:补班"])) { $0.words = words }) == ["2026-02-14 补班 off"])
    }

    @Test("The catalogue adds words: those of the calendars that name the list, or of all while none does")
    func catalogueWords() throws {
        func files(_ holidays: String) -> [String: String] {
            var files = SmallOffice.files(user: 4711)
            files["calendar.toml"]! += "\n[holidays.cn-2026]\nyear = 2026\n"
            files["calendar.toml"] = files["calendar.toml"]!.replacing(
                "valid-through", with: "make-up-words = [\"bridge day\"]\nholidays = [\(holidays)]\nvalid-through")
            files["other.toml"] = """
                [calendar.other]
                zone = "UTC"
                valid-through = 2026-12-31
                make-up-words = ["shifted"]
                [calendar.other.week]
                monday = ["09:00-17:00"]
                """
            return files
        }
        #expect(try Catalogue(files: files("\"cn-2026\"")).makeUpWords(forList: "cn-2026") == ["bridge day"])
        #expect(try Catalogue(files: files("")).makeUpWords(forList: "cn-2026") == ["bridge day", "shifted"])
        var empty = files("")
        empty["other.toml"] = empty["other.toml"]!.replacing("shifted", with: " - ")
        #expect { try Catalogue(files: empty) } throws: { "\($0)".contains("has \" - \" among its make-up-words") }
    }

    // MARK: What is asked

    @Test("Two events, or two entries, that speak differently of a day are a question; what is decided counts, and keeps its own name")
    func conflicts() throws {
        let json = """
            {"year": 2026, "days": [{"name": "Spring", "date": "2026-02-14", "isOffDay": true},
            {"name": "Make-up", "date": "2026-02-14", "isOffDay": false}, {"name": "Spring", "date": "2026-02-15", "isOffDay": true}]}
            """
        let ics = Self.calendar(
            ["DTSTART:20260214", "DTEND:20260216", "SUMMARY:Spring"], ["DTSTART:20260214", "SUMMARY:Make-up"])
        for (text, places) in [(json, ["", ""]), (ics, [" (line 3)", " (line 8)"])] {
            let asked = try read(text)
            #expect(days(asked) == ["2026-02-15 Spring off"])
            #expect(
                asked.questions.map(\.description) == [
                    "2026-02-14 is off by \"Spring\"\(places[0]) and worked by \"Make-up\"\(places[1]); decide it with --off 2026-02-14 or --worked 2026-02-14"
                ])
            let worked = try read(text) { $0.decided = [Day("2026-02-14")!: .worked] }
            #expect(days(worked) == ["2026-02-14 Make-up worked", "2026-02-15 Spring off"] && worked.questions.isEmpty)
            let off = try read(text) { $0.decided = [Day("2026-02-14")!: .off] }
            #expect(days(off) == ["2026-02-14–2026-02-15 Spring off"] && off.questions.isEmpty)
            let other = try read(text) { $0.decided = [Day("2026-02-14")!: .off, Day("2026-03-01")!: .off] }
            #expect(other.questions.map(\.message) == ["2026-03-01 is no day of the file for 2026"])
        }
    }

    @Test("A day with two names that mean the same keeps both, and the same said twice is said once")
    func names() throws {
        let text = Self.calendar(
            ["DTSTART:20201001", "SUMMARY:国庆节"], ["DTSTART:20201001", "SUMMARY:中秋节"], ["DTSTART:20201001", "SUMMARY:国庆节"])
        let read = try read(text)
        #expect(days(read) == ["2020-10-01 国庆节, 中秋节 off"] && read.questions.isEmpty)
        #expect(read.understood.map(\.description) == ["line 11: 2020-10-01 has 2 names, and keeps all of them"])
    }

    @Test(
        "A year without any day of its own is taken over only where that is meant",
        arguments: [
            #"{"year": 2027, "days": []}"#, #"{"year": 2027, "days": [{"name": "x", "date": "2026-12-31", "isOffDay": true}]}"#,
            calendar(), calendar(["DTSTART:20270101", "SUMMARY:x", "STATUS:TENTATIVE"]),
            calendar(["DTSTART:20260101", "SUMMARY:x"]),
        ])
    func emptyYear(text: String) throws {
        let asked = try read(text) { $0.year = 2027 }
        #expect(asked.questions.count == 1 && asked.questions[0].mend.contains("--empty-year"))
        let meant = try read(text) {
            $0.year = 2027
            $0.allowsEmptyYear = true
        }
        #expect(meant.list.year == 2027 && meant.questions.isEmpty)
    }

    @Test(
        "No published year asks anything, and each of its days is taken, those of the year before too",
        .enabled(if: SharedData.has("calendars/2023.json"), "the published calendars are not beside the project"), arguments: 2007...2023)
    func published(year: Int) throws {
        let read = try HolidayImport(SharedData.bytes("calendars/\(year).json"))
        let dates = String(decoding: try SharedData.bytes("calendars/\(year).json"), as: UTF8.self).matches(of: #/"(\d{4}-\d\d-\d\d)"/#)
        let named = Set(dates.map { String($0.output.1) })
        #expect(read.questions.isEmpty && read.leftOut.isEmpty && read.list.days.count == named.count)
        let others = named.filter { !$0.hasPrefix("\(year)") }
        #expect(read.understood.count == others.count)

        // The same year as events comes out the same: what is worked by the word, what follows each other as one event or as many.
        let events = read.list.runs.map { run in
            let isOff = run.entry.kind == .off
            let end = run.to.advanced(by: 1).description.replacing("-", with: "")
            return [
                "DTSTART;VALUE=DATE:\(run.from.description.replacing("-", with: ""))", "DTEND;VALUE=DATE:\(end)",
                "SUMMARY:\(run.entry.name)\(isOff ? "假期" : "补班")",
            ]
        }
        let lines = ["BEGIN:VCALENDAR"] + events.flatMap { ["BEGIN:VEVENT"] + $0 + ["END:VEVENT"] } + ["END:VCALENDAR"]
        let again = try self.read(lines.joined(separator: "\r\n")) { $0.year = year }
        #expect(again.questions.isEmpty)
        #expect(
            again.list.days.mapValues(\.kind) == read.list.days.filter { $0.key.components.year == year }.mapValues(\.kind))
    }

    // MARK: What cannot be read

    @Test(
        "A published file that cannot be taken over says why, and where",
        arguments: [
            ("hello", "neither JSON"), ("", "neither JSON"), ("{\"year\": 2026}", "has not the form"),
            (#"{"year": 2026, "papers": [1], "days": []}"#, "has not the form"),
            ("{\"year\": 2026,\n\"days\": [],\n\"days\": []}", "line 3: a member name occurs twice"),
            (#"{"year": 2026, "days": [{"name": "x", "date": "2026-02-03", "isOffDay": true, "date": "2026-02-04"}]}"#, "occurs twice"),
            (#"{"year": 2026, "d\u0061ys": [], "days": []}"#, "line 1: a member name occurs twice"),
            ("{\"year\": 2026, \"days\": [\n", "line 2: "),
            (#"{"year": 2026, "days": [{"name": "x", "date": "2026-02-30", "isOffDay": true}]}"#, "\"2026-02-30\" is no day"),
            (calendar(["DTSTART:20260101T090000Z", "SUMMARY:x"]), "line 4: DTSTART is no whole day"),
            (calendar(["DTSTART;VALUE=DATE-TIME:20260101", "SUMMARY:x"]), "line 4: DTSTART is no whole day"),
            (calendar(["DTSTART:20260230", "SUMMARY:x"]), "line 4: DTSTART is no whole day"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "RRULE:FREQ=YEARLY"]), "line 6: a repeated event (RRULE)"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "RDATE:20260102"]), "line 6: a repeated event (RDATE)"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "RECURRENCE-ID:20260101"]), "line 6: a repeated event (RECURRENCE-ID)"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "EXDATE:20260101"]), "line 6: a repeated event (EXDATE)"),
            (
                calendar(["DTSTART:20260105", "SUMMARY:x", "DTEND:20260101"]),
                "line 6: the event ends on 2026-01-01, before it begins on 2026-01-05"
            ),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "DTEND:20280101"]), "line 4: the event lasts for 730 days, 365 at most are read"),
            ("BEGIN:VCALENDAR\n" + String(repeating: "BEGIN:X\n", count: 16), "line 17: components lie too deep"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "DURATION:PT8H"]), "line 6: DURATION PT8H is no number of whole days"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "DURATION:P0D"]), "line 6: DURATION P0D is no number of whole days"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "DURATION:-P2D"]), "line 6: DURATION -P2D is no number of whole days"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "DURATION:P1DT12H"]), "is no number of whole days"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "DURATION:P1D", "DTEND:20260102"]), "line 6: an event with DTEND and DURATION"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "SUMMARY:y"]), "line 6: a second SUMMARY in one event"),
            (calendar(["DTSTART:20260101", "SUMMARY:x", "STATUS:MAYBE"]), "line 6: MAYBE is no status of an event"),
            (calendar(["DTSTART:20260101", "SUMMARY: "]), "line 3: an event without SUMMARY"),
            (calendar(["SUMMARY:x"]), "line 3: an event without DTSTART"),
            ("BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR", "line 2: version 1.0 of iCalendar"),
            (
                "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nSUMMARY:x\nEND:VEVENT\n",
                "line 1: VCALENDAR has no end: the file is cut off"
            ),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n", "line 2: VEVENT has no end: the file is cut off"),
            ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "line 3: END:VCALENDAR ends nothing that has begun last"),
            ("BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VEVENT\n", "line 3: VEVENT lies in no VCALENDAR"),
            ("BEGIN:VCALENDAR\nnonsense\nEND:VCALENDAR\n", "line 2: it is neither a property"),
            (calendar(), "no event of a whole day: say which year is meant"),
            (calendar(["DTSTART:20260101", "SUMMARY:x"], ["DTSTART:20270101", "SUMMARY:x"]), "2026, 2027: say which year"),
        ])
    func unreadable(text: String, why: String) {
        #expect { try read(text) } throws: { "\($0)".contains(why) }
    }

    @Test("A file in another encoding is told by its name, with the line and the mend")
    func encodings() {
        let gbk: [UInt8] = [0xB4, 0xBA, 0xBD, 0xDA, 0xB2, 0xB9, 0xB0, 0xE0]
        let lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "DTSTART:20260214", "SUMMARY:"]
        let bytes = Array(lines.joined(separator: "\n").utf8) + gbk + Array("\nEND:VEVENT\nEND:VCALENDAR\n".utf8)
        #expect { try HolidayImport(bytes) } throws: {
            "\($0)".contains("line 4: the file is in GB18030") && "\($0)".contains("iconv -f GB18030")
        }
        let json = Array(#"{"year": 2026, "days": [{"name": ""#.utf8) + gbk + Array(#"", "date": "2026-02-14", "isOffDay": false}]}"#.utf8)
        #expect { try HolidayImport(json) } throws: { "\($0)".contains("the file is in GB18030") }
        let wide = Array(String(decoding: bytes.filter { $0 < 0x80 }, as: UTF8.self).utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect { try HolidayImport([0xFF, 0xFE] + wide) } throws: { "\($0)".contains("the file is in UTF-16") }
    }

    @Test("Of several years in one iCalendar file, the one that is meant is taken")
    func oneYear() throws {
        let text = Self.calendar(["DTSTART:20260101", "SUMMARY:x"], ["DTSTART:20270101", "SUMMARY:y"])
        #expect(try read(text) { $0.year = 2027 }.list.days.keys.map(\.description) == ["2027-01-01"])
    }

    @Test("The mark of UTF-8 at the beginning is no part of the file")
    func mark() throws {
        for text in [
            #"{"year": 2026, "days": [{"name": "x", "date": "2026-01-01", "isOffDay": true}]}"#,
            Self.calendar(["DTSTART:20260101", "SUMMARY:x"]),
        ] {
            #expect(try days(HolidayImport([0xEF, 0xBB, 0xBF] + Array(text.utf8))) == ["2026-01-01 x off"])
        }
    }
}
