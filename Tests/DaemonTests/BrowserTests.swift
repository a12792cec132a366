import CaseTesting
import CaseWire
import Foundation
import Testing

/// Pages as a browser sets them.
@Suite("Pages in a browser")
struct BrowserTests {
    private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Frames of three widths with one page each, and a script that says what in them people could not read.
    private static func frames(_ page: String) -> String {
        let quoted = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
        return """
            <!DOCTYPE html><meta charset="utf-8"><body><pre id="found"></pre>
            \([390, 800, 1200].map { "<iframe width=\"\($0)\" height=\"900\" style=\"border:0\" srcdoc=\"\(quoted)\"></iframe>" }.joined())
            <script>
            addEventListener("load", () => {
                const found = [], seen = [], parts = new Set()
                for (const frame of document.querySelectorAll("iframe")) {
                    const page = frame.contentDocument, width = frame.clientWidth
                    if (page.documentElement.scrollWidth > width) found.push(width + ": wider than the screen")
                    let texts = 0, cells = 0, heads = 0
                    const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT)
                    while (walker.nextNode()) {
                        const text = walker.currentNode.data.trim(), parent = walker.currentNode.parentElement
                        if (!text || parent.closest(".unseen, thead")) continue
                        texts += 1
                        const size = parseFloat(page.defaultView.getComputedStyle(parent).fontSize)
                        if (size < 11) found.push(width + ": " + size + " px: " + text)
                        const range = page.createRange()
                        range.selectNodeContents(walker.currentNode)
                        const lines = new Set([...range.getClientRects()].map(r => Math.round(r.top))).size
                        if (lines > 2 && text.length / lines < 4) found.push(width + ": a column of letters: " + text)
                    }
                    for (const cell of page.querySelectorAll("td")) {
                        cells += 1
                        const head = page.defaultView.getComputedStyle(cell, "::before").content
                        const isCard = page.defaultView.getComputedStyle(cell).display == "grid"
                        if (isCard != (width < 900)) found.push(width + ": a cell as on another screen")
                        if (isCard && head != "attr(data-label)" && head != JSON.stringify(cell.dataset.label))
                            found.push(width + ": a cell without its head: " + head)
                    }
                    for (const head of page.querySelectorAll("thead th")) {
                        heads += 1
                        const place = head.getBoundingClientRect()
                        if (width > 900 && (place.width < 20 || place.height < 10)) found.push(width + ": a head that nobody sees")
                    }
                    for (const part of page.querySelectorAll(".judging .bar i")) {
                        parts.add(part.title)
                        const value = part.title.split(": ").pop(), rest = part.closest(".line").querySelectorAll(".rest")
                        const isInside = part.textContent.startsWith(value) && part.scrollWidth <= part.clientWidth
                        if (!isInside && ![...rest].some(text => text.textContent.startsWith(value + " ")))
                            found.push(width + ": a part without its number: " + part.title)
                    }
                    if (texts < 10) found.push(width + ": nothing to be read")
                    seen.push(cells, heads)
                }
                document.getElementById("found").textContent = "found " + found.length + " [" + found.join("; ") + "] parts " + parts.size + " seen " + seen.join(" ") + " end"
            })
            </script>
            """
    }

    @Test(
        "On a phone, a tablet and a desk nothing is wider than the screen, smaller than 11 px, a column of letters or a part without its number",
        .enabled(if: browser != nil, "no browser is installed: apt-get install chromium fonts-noto-cjk"), arguments: ["en", "zh"])
    func widths(language: String) throws {
        let folder = TemporaryDirectory()
        let daemon = try DaemonProcess(in: folder, manualClock: "2026-02-06T01:00:00Z")
        var files = SmallOffice.files()
        files["matters.toml"]!.replace("name = \"Permit\"", with: "name = \"在城市道路范围内设置大型户外广告及临时占用城市道路许可\"")
        files["matters.toml"]!.replace("name = \"Notice\"", with: "name = \"Licence for the temporary occupation of municipal roads\"")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter(files)).get()
        for number in 1...12 {
            _ = try client.call("case.submit", SmallOffice.submission(matter: number % 3 == 0 ? "notice" : "permit")).get()
        }
        for number in 1...7 {
            let file = JSONValue.string("C-\(number)")
            _ = try client.call("case.accept", .of(["case": file, "acting": "otto"])).get()
            guard number < 6 else { continue }
            _ = try client.call("case.recommend", .of(["case": file, "recommendation": "grant", "opinion": "x", "acting": "otto"])).get()
            _ = try client.call("case.grant", .of(["case": file, "acting": "lena"])).get()
        }
        _ = try client.call("clock.advance", .of(["to": "2026-03-06T01:00:00Z"])).get()
        let guides = "\(folder.path)/guides"
        let pages = [
            ["sla", "report", "-o", "html", "--by", "matter"], ["catalog", "duty-list", "--format", "html"],
            ["catalog", "guide", "permit", "--format", "html"], ["catalog", "guides", guides],
        ]
        for command in pages {
            let program = try Program("casectl", command + ["--language", language], environment: ["CASED_SOCKET": daemon.socket])
            #expect(program.status == 0, "\(program.errors)")
            let page = command.contains("guides") ? try String(contentsOfFile: "\(guides)/index.html", encoding: .utf8) : program.output
            let path = "\(folder.path)/frames.html"
            try Self.frames(page).write(toFile: path, atomically: true, encoding: .utf8)
            let shown = try Program(
                Self.browser!,
                [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir=\(folder.path)/browser",
                    "--dump-dom", "file://\(path)",
                ], environment: ["HOME": folder.path, "PATH": "/usr/bin:/bin"])
            // What was not there was not looked at.
            let counts = shown.output.firstMatch(of: /parts ([0-9]+) seen ([0-9 ]+) end/)
            let isGuide = command.contains("permit"), isReport = command.contains("report")
            #expect(Int(counts?.output.1 ?? "") ?? 0 >= (isReport ? 3 : 0), "\(command): no part of a bar was looked at")
            let seen = (counts?.output.2 ?? "").split(separator: " ").compactMap { Int($0) }
            #expect(seen.count == 6 && (isGuide || !seen.contains(0)), "\(command): \(seen) cells and heads on each of three screens")
            #expect(shown.output.contains("found 0 []"), "\(command): \(shown.output.firstMatch(of: /found [0-9]+ \[[^<]*/)?.output ?? "")")
        }
        daemon.terminate()
    }
}
