import CaseTesting
import Foundation
import FoundationXML
import Testing

@Suite("What is published")
struct PublicationTests {
    private func daemon() throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        var files = SmallOffice.files()
        files["matters.toml"] = files["matters.toml"]!.replacing(
            "name = \"Permit\"\noffice = \"permits\"\nleader = \"leader\"\ncommissioner = \"commissioner\"\nsla = \"licensing\"\nbasis = \"Permit Act, § 7\"\nchannels = [\"window\", \"online\"]\n",
            with:
                "name = \"<b>许可</b>, \\\"A\\\"\"\nbasis = \"{{title}} \\\"\u{301} <\u{338}i> &\u{301}\"\nchannels = [\"online\"]\nfees = \"none\"\nguide = \"Ask & wait\"\noffice = \"permits\"\nleader = \"leader\"\ncommissioner = \"commissioner\"\nsla = \"licensing\"\n",
            maxReplacements: 1)
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try daemon.client().call("case.submit", SmallOffice.submission()).get()
        return daemon
    }

    private func casectl(_ daemon: DaemonProcess, _ arguments: String...) throws -> String {
        let program = try Program("casectl", ["catalog"] + arguments, environment: ["CASED_SOCKET": daemon.socket])
        #expect(program.status == 0, "\(program.errors)")
        return program.output
    }

    @Test("The duty list as CSV has a row for each power and duty, quoted where it has to be")
    func csv() throws {
        let daemon = try daemon()
        let rows = try casectl(daemon, "duty-list", "--format", "csv").components(separatedBy: "\r\n")
        #expect(rows[0] == "office,post,holder,rank,kind,subject")
        #expect(rows.contains("Permit office,Officer,Otto,,examines,\"<b>许可</b>, \"\"A\"\"\""))
        #expect(rows.contains(",Leader,Lena,,decides,Notice") && rows.contains(",Commissioner,Cora,,supervises,Notice"))
        #expect(rows.contains(",Auditor,Ada,,audits,all matters"))
        #expect(rows.contains(",Commissioner,Cora,,main-duty,Supervises the time limits"))
        daemon.terminate()
    }

    @Test("As a page it is complete in itself, in both languages, and text from outside stays text", arguments: ["en", "zh"])
    func page(language: String) throws {
        let daemon = try daemon()
        let pages = [
            try casectl(daemon, "duty-list", "--format", "html", "--language", language),
            try casectl(daemon, "guide", "permit", "--format", "html", "--language", language),
            try Program(
                "casectl", ["sla", "report", "-o", "html", "--by", "matter", "--language", language],
                environment: ["CASED_SOCKET": daemon.socket]
            ).output,
        ]
        // A letter with a combining mark is one character, which is no quote and no tag to whoever escapes by characters.
        for page in pages.prefix(2) {
            #expect(Array(page.utf8).contains(Array("{{title}} &quot;\u{301} &lt;\u{338}i&gt; &amp;\u{301}".utf8)))
        }
        for page in pages {
            #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<html lang=\"\(language)\">"))
            #expect(page.contains("&lt;b&gt;许可&lt;/b&gt;, &quot;A&quot;") && !page.contains("<b>许可"))
            #expect(!page.contains("http") && !page.contains("<script"))
            #expect(
                try XMLDocument(xmlString: page.replacing("<!DOCTYPE html>", with: "").replacing(/<meta [^>]*>/, with: "")).rootElement()?
                    .name == "html")
        }
        #expect(pages[0].contains(language == "zh" ? "权力和责任清单" : "List of powers and responsibilities"))
        #expect(pages[1].contains("Ask &amp; wait"))
        daemon.terminate()
    }

    private func document(_ page: String) throws -> XMLDocument {
        try XMLDocument(xmlString: page.replacing("<!DOCTYPE html>", with: "").replacing(/<meta [^>]*>/, with: ""))
    }

    private func elements(_ name: String, in page: String) throws -> [XMLElement] {
        try document(page).nodes(forXPath: "//\(name)").compactMap { $0 as? XMLElement }
    }

    @Test("The list says a matter once for its office and once for each post with a power over it, however many officers there are")
    func grouped() throws {
        let daemon = try daemon()
        let table = try casectl(daemon, "duty-list")
        #expect(table.contains("\nDate of issue: 6 February 2026 (version 1)\nWhere to complain: Commissioner (Cora)\n"), "\(table)")
        let english = try casectl(daemon, "duty-list", "--format", "html")
        let rows = try elements("tr", in: english).map { $0.stringValue ?? "" }
        let paragraphs = try elements("p", in: english).map { $0.stringValue ?? "" }
        // Its row, and the posts that decide and supervise it; two officers are in the office.
        #expect(rows.count { $0.contains("Notice") } == 3 && paragraphs.count { $0.contains("Notice") } == 1)
        #expect(rows.contains { $0.contains("Leader") && $0.contains("decides: ") && $0.contains("Notice") })
        #expect(english.contains("6 February 2026 (version 1)") && english.contains("Where to complain"))
        let chinese = try casectl(daemon, "duty-list", "--format", "html", "--language", "zh")
        #expect(chinese.contains("2026年2月6日（第 1 版）") && chinese.contains("投诉渠道"))
        daemon.terminate()
    }

    @Test("Each row of a table on a page has its head, each cell the head of its column, and no citizen reads an instant of UTC")
    func heads() throws {
        let daemon = try daemon()
        let report = try Program(
            "casectl", ["sla", "report", "-o", "html", "--by", "matter"], environment: ["CASED_SOCKET": daemon.socket]
        ).output
        let published = [try casectl(daemon, "duty-list", "--format", "html"), try casectl(daemon, "guide", "permit", "--format", "html")]
        for page in published + [report] {
            for row in try document(page).nodes(forXPath: "//tbody/tr") {
                let cells = row.children?.compactMap { $0 as? XMLElement } ?? []
                #expect(cells.first?.name == "th" && cells.first?.attribute(forName: "scope")?.stringValue == "row")
                #expect(
                    cells.dropFirst().allSatisfy { $0.name == "td" && $0.attribute(forName: "data-label")?.stringValue?.isEmpty == false })
            }
        }
        #expect(try elements("td", in: report).count > 20)
        for page in published { #expect(!page.contains(/[0-9]T[0-9:]+Z/)) }
        daemon.terminate()
    }

    /// The relative luminance of WCAG 2.
    private static func luminance(_ colour: Int) -> Double {
        func part(_ shift: Int) -> Double {
            let share = Double(colour >> shift & 255) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        let (red, green, blue) = (part(16), part(8), part(0))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    @Test("Texts stand out by 4.5 to 1 from what is behind them and areas by 3 to 1, in light and in dark")
    func contrast() throws {
        let daemon = try daemon()
        let page = try casectl(daemon, "duty-list", "--format", "html")
        let blocks = page.matches(of: /:root \{([^}]*--page[^}]*)\}/).map { String($0.output.1) }
        #expect(blocks.count == 2 && page.contains("@media screen and (prefers-color-scheme: dark) { :root"))
        for block in blocks {
            var light: [String: Double] = [:]
            for match in block.matches(of: /--([a-z]+): #([0-9a-f]{6});/) {
                light[String(match.output.1)] = Self.luminance(Int(match.output.2, radix: 16)!)
            }
            func ratio(_ one: String, _ other: String) throws -> Double {
                let (a, b) = (try #require(light[one]), try #require(light[other]))
                return (max(a, b) + 0.05) / (min(a, b) + 0.05)
            }
            for text in ["text", "quiet", "link"] { #expect(try ratio(text, "page") >= 4.5, "\(text)") }
            for area in ["good", "middling", "bad", "came", "accent"] { #expect(try ratio(area, "page") >= 3, "\(area)") }
            for behind in ["good", "middling", "bad"] { #expect(try ratio("on", behind) >= 4.5, "\(behind)") }
        }
        daemon.terminate()
    }

    @Test(
        "One command writes a guide for each matter, under a name that no other has, and an index that leads to them",
        arguments: ["en", "zh"])
    func guides(language: String) throws {
        let folder = TemporaryDirectory()
        let daemon = try DaemonProcess(in: folder, manualClock: "2026-02-06T01:00:00Z")
        var files = SmallOffice.files()
        files["matters.toml"]! += ["..evil", "index", "a-b", "a_b", "a.b"].map { name in
            """
            [matter."\(name)"]
            name = "<\(name)>"
            office = "permits"
            leader = "leader"
            commissioner = "commissioner"
            sla = "licensing"
            basis = "x"

            """
        }.joined()
        files["office.toml"]!.replace("name = \"Bureau\"", with: "name = \"Bureau\"\ncomplaints = \"12345, Hall A\"")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        let place = "\(folder.path)/guides"
        #expect(try casectl(daemon, "guides", place, "--language", language) == "7 guides and their index are in \(place).\n")
        let index = try String(contentsOfFile: "\(place)/index.html", encoding: .utf8)
        let links = try elements("a", in: index).compactMap { $0.attribute(forName: "href")?.stringValue }
        #expect(Set(links).count == 7)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: place)) == Set(links + ["index.html"]))
        for (link, element) in zip(links, try elements("a", in: index)) {
            let guide = try String(contentsOfFile: "\(place)/\(link)", encoding: .utf8)
            #expect(try elements("h1", in: guide).first?.stringValue == element.stringValue)
            #expect(try elements("a", in: guide).compactMap { $0.attribute(forName: "href")?.stringValue } == ["index.html"])
            #expect(guide.contains("12345, Hall A") && guide.contains(language == "en" ? "6 February 2026" : "2026年2月6日"))
        }
        // A matter that is gone leaves its page, and that is said.
        files["matters.toml"]!.replace("[matter.\"a.b\"]", with: "[matter.\"a.c\"]")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        let again = try Program("casectl", ["catalog", "guides", place], environment: ["CASED_SOCKET": daemon.socket])
        #expect(again.status == 0 && again.errors == "casectl: no matter has these pages any more: guide-a_2e_b.html\n", "\(again)")
        let nowhere = try Program("casectl", ["catalog", "guides", "/proc/nowhere"], environment: ["CASED_SOCKET": daemon.socket])
        #expect(nowhere.status == 73 && nowhere.errors.contains("/proc/nowhere cannot be made"), "\(nowhere)")
        daemon.terminate()
    }

    @Test("A service guide tells what an applicant has to know")
    func guide() throws {
        let daemon = try daemon()
        let text = try casectl(daemon, "guide", "permit")
        #expect(
            text.contains("20 working days") && text.contains("form; plan (optional)")
                && text.contains(/Fees +none/) && text.contains(/Where to complain +Commissioner \(Cora\)/)
                && text.contains(/Date of issue +6 February 2026 \(version 1\)/), "\(text)")
        let chinese = try casectl(daemon, "guide", "permit", "--language", "zh")
        #expect(chinese.contains("法定时限  20 个工作日") && chinese.contains("办理方式  网上") && chinese.contains("form; plan（非必交）"))
        for (language, optional) in [("en", "plan (optional)"), ("zh", "plan（非必交）")] {
            let items = try elements("dd", in: try casectl(daemon, "guide", "permit", "--format", "html", "--language", language))
                .flatMap { try $0.nodes(forXPath: ".//span/span") }.map(\.stringValue)
            #expect(items.contains("form") && items.contains(optional), "\(items)")
        }
        daemon.terminate()
    }

    @Test(
        "On the days of a substitution the duty list says who acts, and until when; before and after, the holder alone",
        arguments: [false, true])
    func substitution(isShared: Bool) throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        var files = SmallOffice.files()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        files["leave.toml"] =
            "[substitution.leave]\npost = \"leader\"\nby = \"bureau-head\"\nfrom = 2026-02-09\nto = 2026-02-11\n\(isShared ? "shared = true\n" : "")"
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        let sentence = (
            en: "Bela acts\(isShared ? " as well" : "") through 10 February 2026", zh: "Bela\(isShared ? "共同" : "")代行至2026年2月10日"
        )
        for (day, isCovered) in [("06", false), ("09", true), ("10", true), ("11", false)] {
            if day != "06" { _ = try client.call("clock.advance", .of(["to": .string("2026-02-\(day)T01:00:00Z")])).get() }
            let table = try casectl(daemon, "duty-list")
            // In the row of each of two matters, and in that of the post.
            #expect(table.components(separatedBy: "Lena; \(sentence.en)").count == (isCovered ? 4 : 1), "\(day): \(table)")
            for (language, sentence) in [("en", sentence.en), ("zh", sentence.zh)] {
                let page = try casectl(daemon, "duty-list", "--format", "html", "--language", language)
                let items = try elements("span", in: page).filter { $0.stringValue == sentence && $0.childCount == 1 }
                #expect(items.count { $0.children?.first is XMLElement == false } == (isCovered ? 3 : 0), "\(day), \(language)")
            }
            #expect(
                try !casectl(daemon, "duty-list", "--version", "1").contains("acts"), "of a version that counts no longer nobody acts today"
            )
        }
        daemon.terminate()
    }

    @Test("A page is in the language of whoever makes it, unless another one is asked for")
    func language() throws {
        let daemon = try daemon()
        let folder = TemporaryDirectory()
        func made(_ words: [String], _ locale: String) throws -> String {
            let program = try Program("casectl", words, environment: ["CASED_SOCKET": daemon.socket, "LC_ALL": locale])
            #expect(program.status == 0, "\(words): \(program.errors)")
            return words.contains("guides") ? try String(contentsOfFile: "\(folder.path)/g/index.html", encoding: .utf8) : program.output
        }
        for (words, english, chinese) in [
            (["catalog", "guide", "permit"], "Where to complain", "投诉渠道"),
            (["catalog", "guide", "permit", "--format", "html"], "Where to complain", "投诉渠道"),
            (["catalog", "duty-list"], "Date of issue", "公布日期"),
            (["catalog", "duty-list", "--format", "html"], "Date of issue", "公布日期"),
            (["catalog", "guides", "\(folder.path)/g"], "Service guides", "办事指南"),
            (["sla", "report", "-o", "html"], "Open cases now", "当前在办案件"),
        ] {
            for (locale, isChinese) in [("C", false), ("zh_CN.UTF-8", true)] {
                let page = try made(words, locale)
                #expect(page.contains(isChinese ? chinese : english) && !page.contains(isChinese ? english : chinese), "\(words) \(locale)")
                let other = try made(words + ["--language", isChinese ? "en" : "zh"], locale)
                #expect(other.contains(isChinese ? english : chinese), "\(words) \(locale)")
            }
            guard words.last != "html", words.count == 2 else { continue }
            #expect(try made(words + ["--format", "csv"], "C") == made(words + ["--format", "csv"], "zh_CN.UTF-8"))
        }
        daemon.terminate()
    }

    @Test("A set of guides is replaced as a whole, or not at all; where it cannot be, a sentence says so that people understand")
    func wholeSet() throws {
        let daemon = try daemon()
        let folder = TemporaryDirectory()
        let place = "\(folder.path)/guides"
        _ = try casectl(daemon, "guides", place)
        let manager = FileManager.default
        // The first of them is the one that has room.
        let names = try manager.contentsOfDirectory(atPath: place).sorted()
        for name in names { try "yesterday".write(toFile: "\(place)/\(name)", atomically: false, encoding: .utf8) }
        let script = "trap '' XFSZ; ulimit -f 8; '\(DaemonProcess.programs)/casectl' catalog guides '\(place)'"
        let environment = ["CASED_SOCKET": daemon.socket]
        // The index of many matters does not fit where each guide does.
        var files = SmallOffice.files()
        files["matters.toml"]! += (0..<40).map {
            "[matter.m\($0)]\nname = \"M\"\noffice = \"permits\"\nleader = \"leader\"\ncommissioner = \"commissioner\"\nsla = \"licensing\"\nbasis = \"x\"\n"
        }.joined()
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        let page = try casectl(daemon, "guide", "permit", "--format", "html")
        #expect(page.utf8.count < 8 * 1024, "a guide fits")
        let full = try Program("/bin/bash", ["-c", script], environment: environment)
        #expect(full.status == 74 && full.errors.contains("index.html cannot be written, and nothing was changed"), "\(full.errors)")
        #expect(try manager.contentsOfDirectory(atPath: place).sorted() == names, "and nothing is left beside them")
        for name in names { #expect(try String(contentsOfFile: "\(place)/\(name)", encoding: .utf8) == "yesterday") }
        #expect(symlink("\(folder.path)/elsewhere.html", "\(folder.path)/link") == 0)
        _ = try casectl(daemon, "guides", place)
        #expect(try manager.contentsOfDirectory(atPath: place).count == 43)
        #expect(try String(contentsOfFile: "\(place)/index.html", encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
        let file = "\(folder.path)/file"
        try "mine".write(toFile: file, atomically: false, encoding: .utf8)
        for (words, sentence) in [
            (["init", "/dev/full"], "/dev/full is no folder"), (["init", file], "\(file) is no folder"),
            (["guides", file], "\(file) is no folder"), (["guides", "\(file)/g"], "\(file) is no folder"),
            (["init", "/proc/nowhere/x"], "/proc/nowhere cannot be made: "),
        ] {
            let program = try Program("casectl", ["catalog"] + words, environment: environment)
            #expect(
                program.status == 73 && program.errors.hasPrefix("casectl: \(sentence)") && !program.errors.contains("couldn"),
                "\(program.errors)")
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        daemon.terminate()
    }

    @Test("A report says of an office that is merged that its figures are in a row of its own, and who has its cases")
    func formerOffice() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory(), manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        var files = SmallOffice.files()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        for _ in 0..<3 { _ = try client.call("case.submit", SmallOffice.submission()).get() }
        let environment = ["CASED_SOCKET": daemon.socket]
        #expect(try !Program("casectl", ["sla", "report"], environment: environment).output.contains("No longer in the catalogue"))
        for (from, to) in [
            ("[office.permits]", "[office.counter]\nsucceeds = [\"permits\"]"), ("office = \"permits\"", "office = \"counter\""),
        ] {
            files = files.mapValues { $0.replacing(from, with: to) }
        }
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        _ = try client.call("clock.advance", .of(["to": "2026-02-06T02:00:00Z"])).get()
        let csv = try Program("casectl", ["sla", "report", "-o", "csv", "--columns", "name,received,open"], environment: environment).output
        #expect(csv == "name,received,open\r\ncounter,0,3\r\npermits,3,0\r\ntotal,3,3\r\n", "\(csv)")
        let said =
            "No longer in the catalogue: permits. Their rows say what they received and decided; what they had open is with whoever took over."
        #expect(try Program("casectl", ["sla", "report"], environment: environment).output.contains("\n\n\(said)\n\n"))
        let page = try Program("casectl", ["sla", "report", "-o", "html"], environment: environment).output
        #expect(try elements("p", in: page).map(\.stringValue).contains(said))
        #expect(try !Program("casectl", ["sla", "report", "--by", "leader"], environment: environment).output.contains("No longer"))
        daemon.terminate()
    }
}
