import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing
import WorkingTime

@Suite("Requests and parameters")
struct MessageTests {
    private func error(_ line: String) -> WireError? {
        guard case .single(.failure(let rejected)) = Message(line: Array(line.utf8)) else { return nil }
        return rejected.error
    }

    @Test(
        "What is no request is told why",
        arguments: [
            ("{", -32700), ("1", -32600), ("[]", -32600), ("{}", -32600), (#"{"jsonrpc":"1.0","id":1,"method":"x"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, -32600), (#"{"jsonrpc":"2.0","id":1,"method":1}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"x","extra":1}"#, -32600),
        ])
    func rejected(line: String, code: Int) {
        #expect(error(line)?.code.rawValue == code)
    }

    @Test("P6: A batch has one to a hundred requests")
    func batches() {
        let one = #"{"jsonrpc":"2.0","id":1,"method":"x"}"#
        for (count, isFine) in [(1, true), (100, true), (101, false)] {
            let message = Message(line: Array("[\(Array(repeating: one, count: count).joined(separator: ","))]".utf8))
            if case .batch(let requests) = message { #expect(isFine && requests.count == count) } else { #expect(!isFine) }
        }
    }

    @Test(
        "P17: Unknown, missing and malformed parameters are refused by name",
        arguments: [
            ("case.accept" as Method, #"{"case":"C-1","colour":"red"}"#, "colour"), ("case.accept", "{}", "case"),
            ("case.accept", #"{"case":"17"}"#, "case"),
            ("case.accept", #"{"case":"C-01"}"#, "case"), ("case.accept", #"{"case":"C-1","if_revision":"3"}"#, "if_revision"),
            ("case.suspend", #"{"case":"C-1","kind":"holiday","basis":"x","expected":"1 hour"}"#, "kind"),
            ("case.suspend", #"{"case":"C-1","kind":"hearing","basis":"x","expected":15}"#, "expected"),
            ("case.suspend", #"{"case":"C-1","kind":"hearing","basis":"x","expected":"15 days"}"#, "expected"),
            ("case.submit", #"{"matter":"m","title":"t","applicant":{"id":"a"}}"#, "applicant.name"),
            (
                "case.submit", #"{"matter":"m","title":"t","applicant":{"id":"a","name":"n"},"materials":[{"sha256":"x"}]}"#,
                "materials[0].id"
            ),
            ("case.submit", #"{"matter":"m","title":"t","applicant":{"id":"a","name":"n"},"fields":{"x":1}}"#, "fields.x"),
            ("case.list", #"{"filter":{"statr":"granted"}}"#, "filter.statr"), ("clock.advance", #"{"to":"tomorrow"}"#, "to"),
        ])
    func parameters(method: Method, text: String, name: String) throws {
        let value = try JSONReader.read(Array(text.utf8))
        do throws(WireError) {
            if case .command(let name) = method {
                _ = try CommandRequest(value, of: Commands.ofClient(name))
            } else {
                _ = try Parameters(value, of: method)
            }
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.code == .paramsInvalid)
            #expect(error.details["parameter"]?.string == name)
        }
    }

    @Test("Parameters that are no object are refused")
    func positional() {
        #expect(throws: WireError.self) { try Parameters(.array([]), of: "case.list") }
        #expect(throws: WireError.self) { try CommandRequest(.array([]), of: Accept.self) }
    }

    @Test("P30: PROTOCOL.md lists every method, every error code and every refusal")
    func documented() throws {
        let text = try String(contentsOfFile: "\(SharedData.project)/protocol/PROTOCOL.md", encoding: .utf8)
        for method in Method.allCases { #expect(text.contains("`\(method.rawValue)`"), "\(method.rawValue)") }
        for code in WireError.Code.allCases {
            let number = String(code.rawValue).replacing("-", with: "−")
            #expect(text.contains("| \(number) |"), "\(code)")
        }
        let refusals = Refusal.examples
        #expect(Set(refusals.map(\.kind)) == Set(Refusal.Kind.allCases), "each kind has its example here")
        for refusal in refusals {
            let line = text.split(separator: "\n").first { $0.contains("`\(refusal.kind.rawValue)`") }
            #expect(line?.hasPrefix("| \(WireError(refusal).code.rawValue) |") == true, "\(refusal.kind)")
        }
    }

    @Test("The OpenRPC document has the form of OpenRPC 1.3: what has to be there is, once, and nothing else")
    func openRPCForm() throws {
        let document = OpenRPC.document
        #expect(document["openrpc"]?.string?.hasPrefix("1.3.") == true)
        #expect(document.members?.map(\.name) == ["openrpc", "info", "methods", "x-notifications", "components"])
        let methods = try #require(document["methods"]?.array)
        #expect(Set(methods.compactMap { $0["name"]?.string }).count == methods.count)
        func checkDescriptor(_ descriptor: JSONValue) {
            #expect(descriptor["name"]?.string?.isEmpty == false && descriptor["schema"]?.members != nil)
            #expect((descriptor.members ?? []).allSatisfy { ["name", "summary", "required", "schema", "x-max-bytes"].contains($0.name) })
        }
        for method in methods {
            #expect(method.members?.map(\.name) == ["name", "summary", "paramStructure", "params", "x-max-bytes", "result", "errors"])
            let params = try #require(method["params"]?.array)
            #expect(Set(params.compactMap { $0["name"]?.string }).count == params.count)
            params.forEach(checkDescriptor)
            checkDescriptor(try #require(method["result"]))
        }
        // Every reference leads somewhere.
        func references(_ value: JSONValue) -> [String] {
            (value["$ref"]?.string.map { [$0] } ?? []) + (value.members?.map(\.value) ?? value.array ?? []).flatMap(references)
        }
        for reference in Set(references(document)) {
            let target = reference.split(separator: "/").dropFirst().reduce(Optional(document)) { $0?[String($1)] }
            #expect(target?.members != nil, "\(reference)")
        }
    }

    @Test("protocol/openrpc.json is what the code describes; write it anew with UPDATE=1")
    func openRPC() throws {
        let path = "\(SharedData.project)/protocol/openrpc.json"
        let text = JSONWriter.bytes { $0.value(OpenRPC.document) } + [UInt8(ascii: "\n")]
        if ProcessInfo.processInfo.environment["UPDATE"] != nil { try Data(text).write(to: URL(fileURLWithPath: path)) }
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == text)
    }
}
