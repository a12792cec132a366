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
        #expect(nowhere.status == 74 && nowhere.errors.contains("/proc/nowhere cannot be made"), "\(nowhere)")
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
}
