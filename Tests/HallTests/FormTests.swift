import CaseTesting
import CaseWire
import ChildProcesses
import Foundation
import Testing

@testable import casehall

@Suite("Forms of the hall")
struct FormTests {
    private let limits = FormLimits(fileBytes: 1000)

    @Test("Only a form that this visitor was shown is taken; of any other nothing has an effect, and what was typed is shown again")
    func token() throws {
        let test = try TestHall()
        let receipt = try #require(try test.daemon.client().call("case.submit", SmallOffice.submission()).get()["receipt"]?.string)
        let (mine, other) = (try test.form("/status"), try test.form("/status"))
        #expect(mine.token != other.token && !mine.token.isEmpty)
        for (cookies, token) in [
            ("", mine.token), (mine.cookies, ""), (mine.cookies, other.token), (other.cookies, mine.token),
            (mine.cookies, mine.token + "A"),
        ] {
            let reply = try test.hall.post("/status", [("token", token), ("receipt", receipt)], [("Cookie", cookies)])
            #expect(reply.status == 403 && reply.text.contains(receipt) && !reply.text.contains("<dt>"))
        }
        #expect(try test.hall.post("/status", [("token", mine.token), ("receipt", receipt)], [("Cookie", mine.cookies)]).status == 200)
    }

    @Test("A form that comes from another site is refused, whatever its token")
    func origin() throws {
        let test = try TestHall()
        let receipt = try #require(try test.daemon.client().call("case.submit", SmallOffice.submission()).get()["receipt"]?.string)
        let mine = try test.form("/status")
        let host = HallProcess.host
        let rows: [([(String, String)], Int)] = [
            ([("Origin", "http://\(host)")], 200), ([("Origin", "https://\(host)"), ("Sec-Fetch-Site", "same-origin")], 200),
            ([("Origin", "http://evil.example")], 403), ([("Origin", "null")], 403), ([("Origin", "http://\(host).evil.example")], 403),
            ([("Sec-Fetch-Site", "cross-site")], 403), ([("Sec-Fetch-Site", "same-site")], 403), ([("Origin", "")], 403),
        ]
        for (headers, status) in rows {
            let reply = try test.hall.post("/status", [("token", mine.token), ("receipt", receipt)], headers + [("Cookie", mine.cookies)])
            #expect(reply.status == status, "\(headers)")
        }
    }

    @Test("While the daemon is away a form is shown again with what was typed, and pages say when to come again")
    func away() throws {
        let test = try TestHall(["--patience", "5"])
        let mine = try test.form("/status")
        test.daemon.kill()
        for path in TestHall.pages where path != "/status" {
            let page = try test.hall.get(path)
            #expect(page.status == 503 && page["retry-after"] != nil && page.text.contains("<h1>"), "\(path)")
        }
        let reply = try test.hall.post("/status", [("token", mine.token), ("receipt", "7QK2-M9XD-4RTA")], [("Cookie", mine.cookies)])
        #expect(reply.status == 503 && reply["retry-after"] != nil && reply.text.contains("value=\"7QK2-M9XD-4RTA\""))
        let again = try DaemonProcess(in: test.directory, manualClock: TestHall.now)
        defer { again.terminate() }
        #expect(try test.hall.get("/").status == 200)
        #expect(
            try test.hall.post("/status", [("token", mine.token), ("receipt", "7QK2-M9XD-4RTA")], [("Cookie", mine.cookies)]).status == 422)
    }

    // MARK: Reading

    @Test("A form of texts is read with repeated names, and what is malformed is refused")
    func urlEncoded() throws {
        let form = try URLEncodedForm.read(Array("a=1&b=%E4%B8%80+x&a=2&c&=d".utf8), limits)
        #expect(form.all("a") == ["1", "2"] && form["b"] == "一 x" && form["c"].isEmpty && form[""] == "d")
        for text in ["a=%", "a=%4", "a=%zz", "a=%ff", "%=1"] {
            #expect(throws: FormTrouble.malformed, "\(text)") { try URLEncodedForm.read(Array(text.utf8), limits) }
        }
        #expect(throws: FormTrouble.tooLarge) { try URLEncodedForm.read(Array(String(repeating: "a=1&", count: 501).utf8), limits) }
        #expect(throws: FormTrouble.tooLarge) {
            try URLEncodedForm.read(Array("a=\(String(repeating: "x", count: limits.fieldBytes + 1))".utf8), limits)
        }
        #expect(throws: FormTrouble.tooLarge) { try URLEncodedForm.read(Array("\(String(repeating: "x", count: 201))=".utf8), limits) }
    }

    private static let multipart = Array(
        "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--C\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x %22y.pdf\"\r\nContent-Type: application/pdf\r\n\r\n\r\n--\u{0}%PDF\r\n--B--\r\n"
            .utf8)

    /// What comes of bytes that come in pieces: pieces of a part are joined.
    private func events(_ bytes: [UInt8], pieces: Int) throws -> ([MultipartReader.Event], isWhole: Bool) {
        var reader = try #require(MultipartReader(boundary: "B", limits))
        var joined: [MultipartReader.Event] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            for event in try reader.read(bytes[start..<min(bytes.count, start + pieces)]) {
                if case .bytes(let more) = event, case .bytes(let before)? = joined.last {
                    joined[joined.count - 1] = .bytes(before + more)
                } else {
                    joined.append(event)
                }
            }
        }
        return (joined, reader.isWhole)
    }

    @Test("A form of several parts is the same in whatever pieces it comes", arguments: [1, 2, 3, 7, 50, 10_000])
    func pieces(length: Int) throws {
        let (found, isWhole) = try events(Self.multipart, pieces: length)
        #expect(isWhole)
        #expect(
            found == [
                .part(name: "a", file: nil), .bytes(Array("1\r\n--C\r\n".utf8)), .partEnd,
                .part(name: "f", file: "x \"y.pdf"), .bytes(Array("\r\n--\u{0}%PDF".utf8)), .partEnd,
            ])
    }

    @Test("A form that ends anywhere before its end is not whole")
    func cut() throws {
        for end in 0..<(Self.multipart.count - 4) {
            #expect(try !events(Array(Self.multipart[..<end]), pieces: 10_000).isWhole, "\(end)")
        }
    }

    @Test("What no browser sends is malformed, and nothing is read without an end")
    func malformed() throws {
        let rows = [
            "x\r\n--B\r\n", "--B\r\n\r\n\r\n1\r\n--B--", "--B\r\nContent-Disposition: form-data\r\n\r\n", "--Bxy", "--B--x",
            "--B\r\nContent-Disposition: form-data; name=a\r\n\r\n", "--B\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\n",
            "--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n", "--B\r\nnothing\r\n\r\n",
            "--B\r\nContent-Disposition: form-data; name=\"a\"; filename*=UTF-8''x\r\n\r\n",
        ]
        for row in rows {
            #expect(throws: FormTrouble.malformed, "\(row.debugDescription)") { try events(Array(row.utf8), pieces: 10_000) }
        }
        #expect(throws: FormTrouble.malformed) { try events([UInt8](repeating: 65, count: 5000), pieces: 100) }
        #expect(throws: FormTrouble.tooLarge) { try events(Array("--B\r\n".utf8) + [UInt8](repeating: 65, count: 5000), pieces: 100) }
        for boundary in ["", String(repeating: "b", count: 71), "ü", "a\r\n", "a ", "a\"b"] {
            #expect(MultipartReader(boundary: boundary, limits) == nil)
        }
        #expect(MultipartReader.boundary("multipart/form-data; boundary=\"a b\"") == "a b")
        #expect(MultipartReader.boundary("Multipart/Form-Data;boundary=x") == "x")
        #expect(MultipartReader.boundary("multipart/form-data; boundary=a; boundary=b") == nil)
        #expect(MultipartReader.boundary("text/plain; boundary=x") == nil)
    }

    @Test("Whatever bytes come as a form, the hall answers with a page of its own, never with a fault, and goes on")
    func fuzz() throws {
        let test = try TestHall(["--materials", "\(TemporaryDirectory.lasting)/files", "--file-limit", "4096"])
        let mine = try test.form("/status")
        var random = SeededRandom(seed: 21)
        let types = [
            "application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "multipart/form-data", "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"B\"", "text/plain", "application/json", "",
        ]
        let seeds = [
            Array("token=\(mine.token)&receipt=7QK2-M9XD-4RTA".utf8),
            Array("--B\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n\(mine.token)\r\n".utf8) + Self.multipart, Self.multipart,
        ]
        var statuses: [Int: Int] = [:]
        for round in 0..<1500 {
            var body = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 0...6, using: &random) where !body.isEmpty {
                let place = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0...4, using: &random) {
                case 0: body[place] = UInt8.random(in: 0...255, using: &random)
                case 1: body.remove(at: place)
                case 2: body.insert(contentsOf: Array("\r\n--B".utf8), at: place)
                case 3: body.removeSubrange(place..<min(body.count, place + 20))
                default:
                    body.insert(
                        contentsOf: [UInt8](repeating: UInt8(ascii: "%"), count: Int.random(in: 1...5000, using: &random)), at: place)
                }
            }
            let type = round % 3 == 0 ? types[0] : round % 7 == 0 ? types.randomElement(using: &random)! : types[1]
            let reply = try test.hall.ask("POST", "/status", [("Content-Type", type), ("Cookie", mine.cookies)], body: body)
            statuses[reply.status, default: 0] += 1
            #expect(reply.text.contains("<h1>"), "\(round)")
        }
        #expect(statuses.keys.allSatisfy { [400, 403, 413, 415, 422].contains($0) }, "\(statuses)")
        for status in [400, 403, 413, 415, 422] { #expect(statuses[status] ?? 0 > 0, "none was \(status)") }
        #expect(try test.hall.get("/").status == 200)
    }

    @Test("What is no HTTP, or too much of it, is turned away, and the hall goes on")
    func noHTTP() throws {
        let test = try TestHall()
        for text in [
            "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 70_000))\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n" + (0..<200).map { "X-\($0): 1\r\n" }.joined() + "\r\n",
            "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "POST /status HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ] {
            let connection = try test.hall.connection()
            connection.send(Array(text.utf8))
            connection.finishSending()
            let answered = String(decoding: connection.rest().prefix(12), as: UTF8.self)
            #expect(answered.isEmpty || answered.hasPrefix("HTTP/1.1 4"), "\(text.prefix(40).debugDescription): \(answered)")
        }
        let connection = try test.hall.connection()
        connection.send(
            Array(
                "POST /status HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 99999999999\r\n\r\n"
                    .utf8))
        #expect(try connection.reply().status == 413)
        #expect(try test.hall.get("/").status == 200)
    }
}

extension TemporaryDirectory {
    /// The path of one that stays until the tests are over.
    static var lasting: String {
        let directory = TemporaryDirectory()
        directory.keepUntilExit()
        return directory.path
    }
}
