import CaseCore
import CaseTesting
import CaseWire
import Catalogue
import Foundation
import WorkingTime

/// The wire's own JSON beside Foundation's, on messages that are really sent.
struct CodecRun {
    private struct Request: Codable {
        var jsonrpc: String
        var id: Int
        var method: String
        var params: Params

        struct Params: Codable {
            var matter: String
            var title: String
            var applicant: Applicant
            var materials: [String]
            var fields: [String: String]
            var idempotency_key: String
        }

        struct Applicant: Codable {
            var id: String
            var name: String
        }
    }

    func print() throws {
        let request = Request(
            jsonrpc: "2.0", id: 17, method: "case.submit",
            params: Request.Params(
                matter: "building-permit", title: "Warehouse 7 仓库", applicant: .init(id: "91230100MA", name: "Harbin Graphene Park"),
                materials: ["application-form", "site-plan"], fields: ["area_m2": "1200", "storeys": "2"],
                idempotency_key: "8f0c1f2e-6a0d-4d53-9a39-2a7f1f6d9a11"))
        let encoder = JSONEncoder()
        let decoder = JSONDecoder()
        let line = Array(try encoder.encode(request))
        let data = Data(line)
        let value = try sorted(JSONReader.read(line))
        // The server holds fields in their order.
        let fields = request.params.fields.map { (name: $0.key, value: $0.value) }
        let written = bytes(request, fields)
        guard try sorted(JSONReader.read(written)) == value else { throw RawSQLite.Failed(description: "the two write different messages") }
        // In turns, so that a slow moment of the machine falls on all of them.
        var least = [Int](repeating: .max, count: 4)
        for _ in 0..<20 {
            let costs = [
                try cost { _ = try JSONReader.read(line) }, try cost { _ = try decoder.decode(Request.self, from: data) },
                cost { _ = bytes(request, fields) }, try cost { _ = try encoder.encode(request) },
            ]
            least = zip(least, costs).map(min)
        }
        let (reading, theirReading, writing, theirWriting) = (least[0], least[1], least[2], least[3])
        Swift.print("\nJSON of a submission, \(line.count) bytes, beside Foundation's decoder and encoder in the same run")
        Swift.print(
            "  read   \(reading) ns, Foundation \(theirReading) ns   ratio \(String(format: "%.1f", Double(theirReading) / Double(reading)))"
        )
        Swift.print(
            "  write  \(writing) ns, Foundation \(theirWriting) ns   ratio \(String(format: "%.1f", Double(theirWriting) / Double(writing)))"
        )
        try measureDescriptions()
    }

    /// What it costs to make the core's values of JSON, and JSON of them, beside reading and writing the same JSON as a tree.
    private func measureDescriptions() throws {
        let params = SmallOffice.submission("Warehouse 7", key: "b-1")
        let (file, event) = try sample(params)
        let (stored, recorded) = (file.storedBytes, event.canonicalBytes)
        let (storedTree, recordedTree) = (try JSONReader.read(stored), try JSONReader.read(recorded))
        var least = [Int](repeating: .max, count: 9)
        for _ in 0..<20 {
            let costs = [
                try cost { _ = try CaseFile(storedBytes: stored) }, try cost { _ = try JSONReader.read(stored) },
                cost { _ = file.storedBytes }, cost { _ = JSONWriter.bytes { $0.value(storedTree) } },
                try cost { _ = try Event(canonicalBytes: recorded) }, try cost { _ = try JSONReader.read(recorded) },
                cost { _ = event.canonicalBytes }, cost { _ = JSONWriter.bytes { $0.value(recordedTree) } },
                try cost { _ = try CommandRequest(params, of: Submit.self) },
            ]
            least = zip(least, costs).map(min)
        }
        func line(_ what: String, _ own: Int, _ tree: Int) {
            Swift.print("  \(what) \(own) ns, as a tree \(tree) ns   ratio \(String(format: "%.2f", Double(own) / Double(tree)))")
        }
        Swift.print("\nValues of the core, a case of \(stored.count) bytes and an event of \(recorded.count)")
        line("case read  ", least[0], least[1])
        line("case write ", least[2], least[3])
        line("event read ", least[4], least[5])
        line("event write", least[6], least[7])
        Swift.print("  parameters of a submission \(least[8]) ns")
    }

    /// A case that was accepted, and its acceptance.
    private func sample(_ params: JSONValue) throws -> (CaseFile, Event) {
        let register = try Catalogue(files: SmallOffice.files(user: 0)).register
        guard let terms = Terms(matter: "permit", pinned: register, newest: register),
            let submit = try CommandRequest(params, of: Submit.self).command as? Submit
        else { throw RawSQLite.Failed(description: "the small office has changed") }
        let now = Instant(seconds: 1_770_339_600)
        let opening = try submit.open(
            as: CaseID(1), receipt: "7QK2-M9XD-4RTA", catalogVersion: 1, by: Principal(.service("hall")), under: terms, at: now)
        guard var file = CaseFile(opening.event) else { throw RawSQLite.Failed(description: "a submission opens no case") }
        let event = try file.respond(to: Accept(), by: Principal(.person("otto", via: "hall")), under: terms, at: now).event
        file.apply(event)
        return (file, event)
    }

    /// Foundation writes members in any order.
    private func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(members.map { .init($0.name, sorted($0.value)) }.sorted { $0.name < $1.name })
        case .array(let values): .array(values.map(sorted))
        case .null, .bool, .number, .string: value
        }
    }

    /// Written as the server writes its messages: member by member, without a tree in between.
    private func bytes(_ request: Request, _ fields: [(name: String, value: String)]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("jsonrpc", request.jsonrpc)
                writer.member("id", request.id)
                writer.member("method", request.method)
                writer.key("params")
                writer.object { writer in
                    let params = request.params
                    writer.member("matter", params.matter)
                    writer.member("title", params.title)
                    writer.key("applicant")
                    writer.object {
                        $0.member("id", params.applicant.id)
                        $0.member("name", params.applicant.name)
                    }
                    writer.member("materials", params.materials)
                    writer.key("fields")
                    writer.object { writer in
                        for field in fields {
                            writer.key(field.name)
                            writer.string(field.value)
                        }
                    }
                    writer.member("idempotency_key", params.idempotency_key)
                }
            }
        }
    }

    /// The mean of many, in nanoseconds.
    private func cost(_ body: () throws -> Void) rethrows -> Int {
        let count = 2000
        let start = DispatchTime.now().uptimeNanoseconds
        for _ in 0..<count { try body() }
        return Int(DispatchTime.now().uptimeNanoseconds - start) / count
    }
}
