import CasePages
import CaseTesting
import CaseWire
import Foundation
import Testing

@Suite("What each answer of the hall says to browsers")
struct HeaderTests {
    private static let asked: [(method: String, path: String, status: Int)] =
        TestHall.pages.map { ("GET", $0, 200) } + TestHall.pages.map { ("HEAD", $0, 200) } + [
            ("GET", "/nothing", 404), ("GET", "/matters/nothing", 404), ("GET", "/matters/%ff", 404), ("GET", "/matters?q=%zz", 400),
            ("GET", "/matters/../../etc/passwd", 404), ("GET", "/language/fr", 404), ("GET", "/language/en", 303), ("POST", "/", 405),
            ("DELETE", "/status", 405), ("POST", "/status", 415), ("GET", "/\(String(repeating: "a", count: 9000))", 400),
        ]

    @Test("Pages and errors alike have a strict policy, say their type, and name no program")
    func policy() throws {
        let test = try TestHall()
        for (method, path, status) in Self.asked {
            let reply = try test.hall.ask(method, path)
            #expect(reply.status == status, "\(method) \(path.prefix(60))")
            let policy = reply["content-security-policy"] ?? ""
            for part in ["default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
                #expect(policy.contains(part), "\(path)")
            }
            #expect(!policy.contains("unsafe") && !policy.contains("http:"))
            #expect(reply["x-content-type-options"] == "nosniff" && reply["referrer-policy"] != nil)
            #expect(reply["cross-origin-opener-policy"] == "same-origin")
            #expect(reply["server"] == nil && reply["x-powered-by"] == nil && reply["cache-control"] != nil || status == 303)
            if method == "HEAD" { #expect(reply.body.isEmpty) }
            if status == 405 { #expect(reply["allow"] != nil) }
        }
    }

    @Test("No page has a script, a style or a handler of its own, nor anything from elsewhere")
    func inline() throws {
        let test = try TestHall()
        for path in TestHall.pages + ["/nothing"] {
            let page = try test.hall.get(path).text
            #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("<html lang="))
            for word in ["<script", " style=", "<style", " onclick", "javascript:", "//", "<iframe"] {
                #expect(!page.contains(word), "\(path): \(word)")
            }
        }
    }

    @Test("The style is kept for a year under a name that changes with it")
    func style() throws {
        let test = try TestHall()
        let path = try #require(try test.hall.get("/").text.firstMatch(of: /href="(\/static\/[0-9a-f]{24}\.css)"/)?.1)
        let style = try test.hall.get(String(path))
        #expect(style.status == 200 && style["content-type"] == "text/css; charset=utf-8")
        #expect(style["cache-control"] == "public, max-age=31536000, immutable")
        #expect(try test.hall.get("/static/other.css").status == 404)
    }

    @Test("Cookies of a hall behind HTTPS are its own alone, and no page without a form sets any")
    func cookies() throws {
        let test = try TestHall(isPlain: false)
        let cookie = try #require(try test.hall.get("/status")["set-cookie"])
        #expect(cookie.hasPrefix("__Host-session="))
        for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] { #expect(cookie.contains(attribute)) }
        #expect(!cookie.contains("Domain"))
        for path in ["/", "/matters", "/figures", "/nothing"] { #expect(try test.hall.get(path)["set-cookie"] == nil) }
        #expect(try test.hall.get("/")["strict-transport-security"] != nil)
    }

    @Test("Texts of the catalogue and of addresses come back as they are, and do nothing", .enabled(if: HostileTexts.areThere))
    func hostile() throws {
        let texts = try HostileTexts.all()
        #expect(texts.count > 20)
        let test = try TestHall()
        for text in texts {
            let page = try test.hall.get("/matters?q=" + (text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")).text
            let value = try #require(HostileTexts.attribute("value", of: "<input id=\"q\"", in: page))
            #expect(value == HostileTexts.shown(HostileTexts.trimmed(text)), "\(text.debugDescription)")
        }
    }

    @Test(
        "A name in the catalogue that is markup is a text on every page",
        arguments: ["Permit </td><script>x</script>", "\"\u{301} onfocus=x", "<\u{338}u>"])
    func hostileNames(name: String) throws {
        var files = SmallOffice.files()
        let quoted = name.replacingOccurrences(of: "\"", with: "\\\"", options: .literal)
        files["matters.toml"] = files["matters.toml"]?.replacing("name = \"Permit\"", with: "name = \"\(quoted)\"")
        let test = try TestHall(files: files)
        for path in TestHall.pages {
            let page = try test.hall.get(path).text
            #expect(!page.contains("<script"))
            // By scalar: a mark behind a quote or a bracket does not hide it.
            let scalars = String(String.UnicodeScalarView(page.unicodeScalars.filter { $0.value != 0x301 && $0.value != 0x338 }))
            #expect(!scalars.contains("\" onfocus=x") && !scalars.contains("<u>"), "\(path)")
        }
    }
}

/// The texts that lie beside the project.
enum HostileTexts {
    private static let path = "\(SharedData.project)/../shared/cases/hostile-texts.txt"

    static var areThere: Bool { FileManager.default.fileExists(atPath: path) }

    static func all() throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n").filter { !$0.isEmpty }.map { line in
            line.replacing(/\\u\{([0-9a-f]+)\}/) { found in
                UInt32(found.1, radix: 16).flatMap { Unicode.Scalar($0) }.map { String($0) } ?? ""
            }.replacing("\\t", with: "\t").replacing("\\r", with: "\r")
        }
    }

    /// As a page shows it: what would do something is named.
    static func shown(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\t", "\n", "\r": String(scalar)
            default: Escaped.isUnsafe(scalar) ? Escaped.named(scalar) : String(scalar)
            }
        }.joined()
    }

    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(scalars.reversed().drop { $0.properties.isWhitespace }.reversed()))
    }

    /// The value of an attribute as a browser reads it: by scalar, to the next quote.
    static func attribute(_ name: String, of tag: String, in page: String) -> String? {
        let scalars = Array(page.unicodeScalars)
        func place(_ text: String, from start: Int) -> Int? {
            let wanted = Array(text.unicodeScalars)
            return (start...(scalars.count - wanted.count)).first { scalars[$0..<($0 + wanted.count)].elementsEqual(wanted) }.map {
                $0 + wanted.count
            }
        }
        guard let begin = place(tag, from: 0), let open = place(" \(name)=\"", from: begin), let end = scalars[open...].firstIndex(of: "\"")
        else { return nil }
        let raw = String(String.UnicodeScalarView(scalars[open..<end]))
        // By scalar too: a mark behind it makes no other character of a quote.
        return [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")].reduce(raw) {
            $0.replacingOccurrences(of: $1.0, with: $1.1, options: .literal)
        }
    }
}
