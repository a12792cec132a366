import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing

/// `protocol/METHODS.md`: each method with its parameters, its answer, its errors and a request that was really answered so.
@Suite("The page of methods")
struct MethodPageTests {
    /// A request for each method, in an order in which each of them works.
    private static let requests: [(Method, String)] = [
        (.discover, "{}"), (.catalogPlan, "{\"files\":<files>}"), (.catalogApply, "{\"files\":<files>}"), (.serverInfo, "{}"),
        (.catalogGet, "{\"version\":1}"), (.catalogDutyList, "{}"), (.powers, "{\"matter\":\"permit\"}"), (.proof, "{}"),
        (.calendarDue, #"{"calendar":"cn","start":"2026-02-06","budget":"20 working-days"}"#),
        (.calendarMeasure, #"{"calendar":"cn","from":"2026-02-06","to":"2026-03-13","unit":"working-days"}"#),
        (.calendarShow, #"{"calendar":"cn","from":"2026-02-13","to":"2026-02-16"}"#),
        (
            .submit,
            #"{"matter":"permit","title":"Warehouse 7","applicant":{"id":"91230100MA","name":"Harbin Graphene Park"},"channel":"online","idempotency_key":"5f1a"}"#
        ),
        (.watch, #"{"filter":{"case":"C-1"}}"#), (.watchStop, #"{"watch":"w-1"}"#),
        (.requestCorrection, #"{"case":"C-1","missing":["form"],"note":"signed, please","acting":"otto"}"#),
        (.correct, #"{"case":"C-1","materials":["form"]}"#), (.assign, #"{"case":"C-1","handler":"otto","acting":"hana"}"#),
        (.accept, #"{"case":"C-1","acting":"otto","if_revision":4}"#),
        (.suspend, #"{"case":"C-1","kind":"hearing","basis":"Art. 45","expected":"5 working-days","acting":"otto"}"#),
        (.resume, #"{"case":"C-1","acting":"otto"}"#),
        (.extend, #"{"case":"C-1","clock":"decision","by":"10 working-days","reason":"expert opinion outstanding","acting":"bela"}"#),
        (.note, #"{"case":"C-1","text":"called the applicant","acting":"otto"}"#),
        (.escalate, #"{"case":"C-1","reason":"no answer for a week","acting":"cora"}"#),
        (.orderOpen, #"{"case":"C-1","reason":"why is it late?","due":"2 working-days","acting":"cora"}"#),
        (.orderAnswer, #"{"order":"O-1-1","answer":"the expert is ill","acting":"otto"}"#),
        (.orderClose, #"{"order":"O-1-1","finding":"plausible","acting":"cora"}"#), (.orderList, #"{"case":"C-1"}"#),
        (.recommend, #"{"case":"C-1","recommendation":"grant","opinion":"complete and lawful","acting":"otto"}"#),
        (.return, #"{"case":"C-1","reason":"cite the standard","acting":"lena"}"#),
        (.recommend, #"{"case":"C-1","recommendation":"grant","opinion":"lawful by standard 7","acting":"otto"}"#),
        (.grant, #"{"case":"C-1","acting":"lena"}"#), (.deliver, #"{"case":"C-1","how":"post","acting":"otto"}"#),
        (.inspect, #"{"case":"C-1","outcome":"in-order","finding":"opinion and reasons on file","acting":"ada"}"#),
        (.get, #"{"receipt":"<receipt>"}"#), (.explain, #"{"case":"C-1","clock":"decision"}"#), (.history, #"{"case":"C-1"}"#),
        (.submit, #"{"matter":"permit","title":"Quay 2","applicant":{"id":"A","name":"N"},"materials":["form"]}"#),
        (.decline, #"{"case":"C-2","ground":"not ours","competent":"Port authority","acting":"otto"}"#),
        (.submit, #"{"matter":"permit","title":"Quay 3","applicant":{"id":"A","name":"N"},"materials":["form"]}"#),
        (.accept, #"{"case":"C-3","acting":"otto"}"#),
        (.recuse, #"{"case":"C-3","reason":"my cousin applies","acting":"hana"}"#),
        (.recommend, #"{"case":"C-3","recommendation":"refuse","opinion":"unlawful","acting":"otto"}"#),
        (.refuse, #"{"case":"C-3","reasons":"against § 7 of the plan","acting":"lena"}"#),
        (.submit, #"{"matter":"permit","title":"Quay 4","applicant":{"id":"A","name":"N"},"materials":["form"]}"#),
        (.withdraw, #"{"case":"C-4","reason":"built elsewhere"}"#), (.list, #"{"filter":{"state":"granted"},"limit":1}"#),
        (.count, #"{"filter":{"overdue":true}}"#), (.noticeList, #"{"limit":1}"#), (.clockAdvance, #"{"to":"2026-02-10T01:00:00Z"}"#),
        (.sample, #"{"count":1,"day":"2026-02-06"}"#), (.slaReport, #"{"by":"matter","from":"2026-02-01","to":"2026-03-01"}"#),
        (.catalogCancel, "{}"), (.clockConfirm, "{}"), (.serverStatus, "{}"), (.backupMake, "{}"),
        (.backupRead, #"{"backup":"<backup>","offset":0}"#), (.serverHistory, "{}"),
    ]

    @Test("protocol/METHODS.md is what a server answers; write it anew with UPDATE=1")
    func page() async throws {
        let local = try await LocalServer(isOnDisk: true)
        let client = try local.client()
        let files = text(SmallOffice.parameter()["files"]!)
        var exchanges: [Method: (params: String, reply: String)] = [:]
        var (receipt, backup) = ("", "")
        for (method, params) in Self.requests {
            let sent = try JSONReader.read(
                Array(
                    params.replacing("<files>", with: files).replacing("<receipt>", with: receipt).replacing("<backup>", with: backup).utf8)
            )
            let shown = params.replacing("<files>", with: #"{"office.toml":"…","matters.toml":"…"}"#).replacing(
                "<receipt>", with: "7QK2-M9XD-4RTA"
            ).replacing("<backup>", with: Self.backupID)
            switch try client.call(method.rawValue, sent) {
            case .success(let result):
                if method == .submit, receipt.isEmpty { receipt = result["receipt"]!.string! }
                if method == .backupMake { backup = result["backup"]!.string! }
                #expect(method.result.difference(result) == nil, "\(method.rawValue)")
                if exchanges[method] == nil { exchanges[method] = (shown, normal(text(abridged(result, method)))) }
            case .failure(let error):
                // Nothing waits, and the clock has not jumped.
                #expect([.catalogCancel, .clockConfirm].contains(method), "\(method.rawValue): \(error)")
                exchanges[method] = (shown, "error \(error.code) \(error.kind): \(error.message)")
            }
        }
        try await local.stop()
        #expect(Set(exchanges.keys) == Set(Method.allCases), "without an example: \(Set(Method.allCases).subtracting(exchanges.keys))")

        let page = Self.head + Method.allCases.map { section($0, exchanges[$0] ?? ("{}", "")) }.joined()
        let path = "\(SharedData.project)/protocol/METHODS.md"
        if ProcessInfo.processInfo.environment["UPDATE"] != nil { try page.write(toFile: path, atomically: true, encoding: .utf8) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == page)
    }

    private static let backupID = "0d3c2a7e-55a1-4c0e-9a3b-6f2f6c1d9b10"

    private static let head = """
        # The methods of cased, one by one

        Generated from the table in `Sources/CaseWire/Method.swift` and from a server that was asked; write it anew with
        `UPDATE=1 swift test --filter MethodPageTests`. [`PROTOCOL.md`](PROTOCOL.md) says what holds for all of them, and
        [`openrpc.json`](openrpc.json) has the same for machines. `…` stands for what is left out here. Mutations also take `if_revision` and
        `idempotency_key`; they and reads of cases take `acting`.


        """

    private func section(_ method: Method, _ exchange: (params: String, reply: String)) -> String {
        let own = method.parameters.filter { !["if_revision", "idempotency_key", "acting"].contains($0.name) }
        let rows = own.map { "| `\($0.name)`\($0.isRequired ? "" : " ?") | \(form($0.form)) | \($0.summary) |\n" }.joined()
        let table = rows.isEmpty ? "" : "| parameter | | |\n|---|---|---|\n\(rows)\n"
        let common: Set<Int> = [-32700, -32600, -32601, -32602, -32603, 4429, 4503, 5400, 5403, 5413]
        let errors = method.errors.map(\.rawValue).filter { !common.contains($0) }.map(String.init).joined(separator: ", ")
        return """
            ## `\(method.rawValue)`

            \(method.summary)

            \(table)Besides the errors that every method has (JSON-RPC's own, 4429, 4503, 5400, 5403, 5413): \(errors).

            ```json
            >> {"jsonrpc":"2.0","id":1,"method":"\(method.rawValue)","params":\(exchange.params)}
            << \(exchange.reply.hasPrefix("error") ? exchange.reply : #"{"jsonrpc":"2.0","id":1,"result":"# + exchange.reply + "}")
            ```


            """
    }

    private func form(_ form: Method.Form) -> String {
        switch form {
        case .text: "text"
        case .integer: "whole number"
        case .boolean: "true or false"
        case .caseID: "case id"
        case .orderID: "order id"
        case .instant: "instant"
        case .day: "day"
        case .dayOrInstant: "day or instant"
        case .length: "length of time"
        case .word(let words): words.map { "`\($0)`" }.joined(separator: " ")
        case .orNull(let inner): self.form(inner) + ", or null"
        case .list(let inner): "list of " + self.form(inner)
        case .material: "material id, or {id, sha256, uri}"
        case .object(let members): "object of " + members.map(\.name).joined(separator: ", ")
        case .texts: "object of texts"
        }
    }

    private func text(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.bytes { $0.value(value) }, as: UTF8.self)
    }

    /// Of a case what changes with a command, of lists the first element, of long texts nothing.
    private func abridged(_ value: JSONValue, _ method: Method) -> JSONValue {
        let more = JSONValue.Member("…", .string("…"))
        if method.effect == .mutation {
            return .object((value.members ?? []).filter { ["case", "state", "revision", "light"].contains($0.name) } + [more])
        }
        if method == .discover { return .object((value.members ?? []).prefix(2) + [more]) }
        func cut(_ value: JSONValue, _ depth: Int) -> JSONValue {
            switch value {
            case .array(let values):
                return values.count > 1 ? .array([cut(values[0], depth + 1), .string("…")]) : .array(values.map { cut($0, depth + 1) })
            case .object(let members):
                let kept = members.prefix(depth == 0 ? 24 : depth == 1 ? 12 : 6).map { JSONValue.Member($0.name, cut($0.value, depth + 1)) }
                return .object(kept.count < members.count ? kept + [more] : kept)
            case .string(let text): return text.utf8.count > 70 ? .string("…") : value
            case .number, .bool, .null: return value
            }
        }
        return cut(value, 0)
    }

    /// What differs from store to store and from machine to machine.
    private func normal(_ text: String) -> String {
        text.replacing(/"receipt":"[^"]*"/, with: #""receipt":"7QK2-M9XD-4RTA""#).replacing(/"cursor":"[^".]*\./, with: #""cursor":"k3f9."#)
            .replacing(/"zones":"[^"]*"/, with: #""zones":"2025b""#).replacing(/"name":"uid:[0-9]+"/, with: #""name":"hall""#)
            .replacing(/"backup":"[^"]*"/, with: "\"backup\":\"\(Self.backupID)\"").replacing(
                /"sha256":"[0-9a-f]{64}"/, with: #""sha256":"9f86…""#
            )
            .replacing(/bytes":[0-9]{4,}/, with: #"bytes":303104"#)
            .replacing(/"work":\{[^}]*\}/, with: #""work":{"batches":2,"commands":0}"#).replacing(/"user\.[0-9]+"/, with: #""user.1000""#)
    }
}
