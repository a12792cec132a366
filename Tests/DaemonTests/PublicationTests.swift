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

    @Test("A service guide tells what an applicant has to know")
    func guide() throws {
        let daemon = try daemon()
        let text = try casectl(daemon, "guide", "permit")
        #expect(
            text.contains("Statutory time  20 working-days") && text.contains("Materials       form; plan")
                && text.contains("Fees            none"))
        let chinese = try casectl(daemon, "guide", "permit", "--language", "zh")
        #expect(chinese.contains("法定时限  20 个工作日") && chinese.contains("办理方式  网上"))
        daemon.terminate()
    }
}
