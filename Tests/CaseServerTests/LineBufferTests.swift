import CaseTesting
import NIOCore
import Testing

@testable import CaseServer

@Suite("Lines of what was sent")
struct LineBufferTests {
    private func text(_ line: LineBuffer.Line) -> String {
        switch line {
        case .bytes(let bytes): String(buffer: bytes)
        case .tooLong: "too long"
        case .tooMuch: "too much"
        }
    }

    @Test("P1: Lines come out as they went in, in whatever pieces, whenever they are asked for", arguments: 0..<300 as Range<UInt64>)
    func pieces(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let lines = (0..<40).map { _ in
            [
                "", " ", "\r", "x", "  y z ", String(repeating: "long", count: 5), String(repeating: "longer", count: 9),
                String(repeating: " ", count: 33),
            ]
            .randomElement(using: &random)!
        }
        let hasEnd = Bool.random(using: &random)
        let sent = Array((lines.joined(separator: "\n") + (hasEnd ? "\n" : "")).utf8)
        var (buffer, found, place) = (LineBuffer(limit: 32), [String](), 0)
        while place < sent.count || !buffer.isAtEnd {
            if place < sent.count, Bool.random(using: &random) {
                let end = min(sent.count, place + Int.random(in: 1...25, using: &random))
                buffer.append(ByteBuffer(bytes: sent[place..<end]))
                place = end
            }
            if place == sent.count { buffer.end() }
            if Int.random(in: 0..<3, using: &random) > 0, let line = buffer.next(isTooMuch: { true }) { found.append(text(line)) }
        }
        let expected = lines.map { String($0.drop { $0 == "\r" }) }.filter { $0.utf8.count > 32 || !$0.allSatisfy { $0 == " " } }
            .map { $0.utf8.count > 32 ? "too long" : $0 }
        #expect(found == expected)
        #expect(buffer.byteCount == 0)
    }

    @Test("P14: A line of a few kilobytes is held however much there is; a longer one gives way, finished or not, and the next is as usual")
    func tooMuch() {
        var buffer = LineBuffer(limit: 1 << 20)
        func append(_ count: Int, _ end: String = "") { buffer.append(ByteBuffer(string: String(repeating: "x", count: count) + end)) }
        func next() -> LineBuffer.Line? { buffer.next { true } }
        append(16_000)
        #expect(next() == nil && buffer.byteCount >= 16_000)
        append(10, "\n")
        #expect(next().map { text($0).utf8.count } == 16_010)
        append(100_000)
        #expect(next().map(text) == "too much" && buffer.byteCount == 0)
        append(100_000)
        #expect(next() == nil && buffer.byteCount == 0, "it says so once")
        append(5, "\nnext\n")
        #expect(next().map(text) == "next")
        append(50_000, "\nnext\n")
        #expect(next().map(text) == "too much" && next().map(text) == "next")
    }
}
