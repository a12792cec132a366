import CaseCore
import CaseWire

/// A conversation on one connection, as `protocol/conformance/*.io` writes it.
///
/// `>> ` is a line that the client sends, `<< ` a line that the server answers. `# ` is a remark. In an expected line, `"…"` stands for any
/// value, `"<name>"` for any value that is the same wherever the name occurs, also in what is sent, and a member `"…": "…"` says that
/// further members may follow.
package struct Transcript: Sendable {
    package enum Step: Sendable, Equatable {
        case send(String)
        case expect(String)
    }

    package struct Differs: Error, CustomStringConvertible {
        package let description: String
    }

    package let steps: [Step]

    package init(_ text: String) throws {
        steps = try text.split(separator: "\n").enumerated().compactMap { number, line in
            if line.hasPrefix(">> ") { return .send(String(line.dropFirst(3))) }
            if line.hasPrefix("<< ") { return .expect(String(line.dropFirst(3))) }
            guard line.hasPrefix("#") else { throw Differs(description: "line \(number + 1) is no line of a transcript: \(line)") }
            return nil
        }
    }

    /// Plays it against anything that takes and gives lines.
    package func play(send: ([UInt8]) throws -> Void, receive: () throws -> [UInt8]) throws {
        var names: [String: JSONValue] = [:]
        for step in steps {
            switch step {
            case .send(let line):
                var line = line
                for (name, value) in names {
                    let text = String(decoding: JSONWriter.bytes { $0.value(value) }, as: UTF8.self)
                    line = line.replacing("\"<\(name)>\"", with: text)
                }
                try send(Array(line.utf8))
            case .expect(let line):
                let expected = try JSONReader.read(Array(line.utf8))
                let found = try JSONReader.read(try receive())
                if let difference = Transcript.undescribed(found) { throw Differs(description: difference) }
                if let difference = Transcript.difference(expected, found, "reply", &names) {
                    throw Differs(
                        description:
                            "\(difference)\nexpected \(line)\nfound    \(String(decoding: JSONWriter.bytes { $0.value(found) }, as: UTF8.self))"
                    )
                }
            }
        }
    }

    /// How an error or a notification differs from what the protocol describes; nil where it does not, and for results.
    package static func undescribed(_ line: JSONValue) -> String? {
        for reply in line.array ?? [line] {
            if let error = reply["error"], let difference = Shape.error.difference(error, at: "error") { return difference }
            if let method = reply["method"]?.string {
                guard let shape = Shape.notifications[method] else { return "\(method) is no notification of the protocol" }
                if let difference = shape.difference(reply["params"] ?? .null, at: "params") { return difference }
                if let event = reply["params"]?["event"], let difference = ofData(event) { return difference }
            }
        }
        return nil
    }

    /// How what an event says differs from what is described for its name.
    private static func ofData(_ event: JSONValue) -> String? {
        let name = event["event"]?.string ?? ""
        guard let shape = Commands.recordedShapes.first(where: { $0.name == name })?.shape else { return "\(name) is no event" }
        return shape.difference(event["data"] ?? .null, at: "data")
    }

    private static func difference(_ expected: JSONValue, _ found: JSONValue, _ path: String, _ names: inout [String: JSONValue]) -> String?
    {
        if let text = expected.string {
            if text == "…" { return nil }
            if text.hasPrefix("<"), text.hasSuffix(">") {
                let name = String(text.dropFirst().dropLast())
                defer { names[name] = names[name] ?? found }
                return names[name].map { $0 == found } ?? true ? nil : "\(path) is not what \(text) was before"
            }
        }
        if let members = expected.members, let others = found.members {
            let isOpen = expected["…"] != nil
            for member in members where member.name != "…" {
                guard let value = found[member.name] else { return "\(path).\(member.name) is missing" }
                if let difference = difference(member.value, value, "\(path).\(member.name)", &names) { return difference }
            }
            let unknown = others.first { other in expected[other.name] == nil }
            return isOpen ? nil : unknown.map { "\(path).\($0.name) was not expected" }
        }
        if let values = expected.array, let others = found.array {
            guard values.count == others.count else { return "\(path) has \(others.count) elements, not \(values.count)" }
            for (place, (value, other)) in zip(values, others).enumerated() {
                if let difference = difference(value, other, "\(path)[\(place)]", &names) { return difference }
            }
            return nil
        }
        return expected == found ? nil : "\(path) differs"
    }
}
