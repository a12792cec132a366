import CaseClient
import CaseCore
import CaseTesting
import CaseWire
import Foundation
import Testing

/// `protocol/METHODS.md`: each method with its parameters, its answer, its errors and a request that was really answered so.
@Suite("The page of methods")
struct MethodPageTests {
    /// A request for each method, in an order in which each of them works.
    private static let requests: [(Method, String)] = [
        ("rpc.discover", "{}"), ("catalog.plan", "{\"files\":<files>}"), ("catalog.apply", "{\"files\":<files>}"), ("server.info", "{}"),
        ("catalog.get", "{\"version\":1}"), ("catalog.versions", "{}"), ("catalog.diff", "{\"from\":0}"), ("catalog.confirm", "{}"),
        ("catalog.duty_list", "{}"), ("catalog.powers", "{\"matter\":\"permit\"}"),
        ("catalog.proof", "{}"),
        ("calendar.due", #"{"calendar":"cn","start":"2026-02-06","budget":"20 working-days"}"#),
        ("calendar.measure", #"{"calendar":"cn","from":"2026-02-06","to":"2026-03-13","unit":"working-days"}"#),
        ("calendar.show", #"{"calendar":"cn","from":"2026-02-13","to":"2026-02-16"}"#),
        ("calendar.why", #"{"day":"2026-02-14"}"#),
        (
            "case.submit",
            #"{"matter":"permit","title":"Warehouse 7","applicant":{"id":"91230100MA","name":"Harbin Graphene Park"},"channel":"online","idempotency_key":"5f1a"}"#
        ),
        ("case.watch", #"{"filter":{"case":"C-1"}}"#), ("watch.stop", #"{"watch":"w-1"}"#),
        ("case.request_correction", #"{"case":"C-1","missing":["form"],"note":"signed, please","acting":"otto"}"#),
        ("case.correct", #"{"case":"C-1","materials":["form"]}"#), ("case.assign", #"{"case":"C-1","handler":"otto","acting":"hana"}"#),
        ("case.accept", #"{"case":"C-1","acting":"otto","if_revision":4}"#),
        ("case.suspend", #"{"case":"C-1","kind":"hearing","basis":"Art. 45","expected":"5 working-days","acting":"otto"}"#),
        ("case.resume", #"{"case":"C-1","acting":"otto"}"#),
        ("case.extend", #"{"case":"C-1","clock":"decision","by":"10 working-days","reason":"expert opinion outstanding","acting":"bela"}"#),
        ("case.note", #"{"case":"C-1","text":"called the applicant","acting":"otto"}"#),
        ("case.escalate", #"{"case":"C-1","reason":"no answer for a week","acting":"cora"}"#),
        ("order.open", #"{"case":"C-1","reason":"why is it late?","due":"2 working-days","acting":"cora"}"#),
        ("order.answer", #"{"order":"O-1-1","answer":"the expert is ill","acting":"otto"}"#),
        ("order.close", #"{"order":"O-1-1","finding":"plausible","acting":"cora"}"#), ("order.list", #"{"case":"C-1"}"#),
        ("case.recommend", #"{"case":"C-1","recommendation":"grant","opinion":"complete and lawful","acting":"otto"}"#),
        ("case.return", #"{"case":"C-1","reason":"cite the standard","acting":"lena"}"#),
        ("case.recommend", #"{"case":"C-1","recommendation":"grant","opinion":"lawful by standard 7","acting":"otto"}"#),
        ("case.statement", #"{"case":"C-1","command":"grant","parameters":{"reasons":"lawful"},"acting":"lena"}"#),
        ("case.grant", #"{"case":"C-1","acting":"lena"}"#), ("case.decision", #"{"case":"C-1","acting":"otto"}"#),
        ("evidence.signers", "{}"), ("case.deliver", #"{"case":"C-1","how":"post","acting":"otto"}"#),
        ("case.inspect", #"{"case":"C-1","outcome":"in-order","finding":"opinion and reasons on file","acting":"ada"}"#),
        ("case.get", #"{"receipt":"<receipt>"}"#), ("case.explain", #"{"case":"C-1","clock":"decision"}"#),
        ("case.can", #"{"case":"C-1","command":"grant","person":"otto"}"#),
        ("case.history", #"{"case":"C-1"}"#),
        ("case.submit", #"{"matter":"permit","title":"Quay 2","applicant":{"id":"A","name":"N"},"materials":["form"]}"#),
        ("case.decline", #"{"case":"C-2","ground":"not ours","competent":"Port authority","acting":"otto"}"#),
        ("case.submit", #"{"matter":"permit","title":"Quay 3","applicant":{"id":"A","name":"N"},"materials":["form"]}"#),
        ("case.accept", #"{"case":"C-3","acting":"otto"}"#),
        ("case.recuse", #"{"case":"C-3","reason":"my cousin applies","acting":"hana"}"#),
        ("case.ask_opinion", #"{"case":"C-3","office":"fire","question":"Is there a second way out?","acting":"otto"}"#),
        ("case.give_opinion", #"{"case":"C-3","office":"fire","opinion":"against","text":"there is one only","acting":"finn"}"#),
        ("case.ask_opinion", #"{"case":"C-3","office":"water","question":"Is there a sewer?","acting":"otto"}"#),
        ("case.withdraw_opinion", #"{"case":"C-3","office":"water","reason":"refused by § 7 anyway","acting":"otto"}"#),
        ("case.recommend", #"{"case":"C-3","recommendation":"refuse","opinion":"unlawful","acting":"otto"}"#),
        ("case.refuse", #"{"case":"C-3","reasons":"against § 7 of the plan","acting":"lena"}"#),
        ("case.submit", #"{"matter":"permit","title":"Quay 4","applicant":{"id":"A","name":"N"},"materials":["form"]}"#),
        ("case.submit", #"{"matter":"survey","title":"Plot 5","applicant":{"id":"A","name":"N"},"materials":["form"],"area":"north"}"#),
        ("case.settle_fee", #"{"case":"C-5","material":"charge","state":"paid","reference":"2026-0417"}"#),
        ("case.accept", #"{"case":"C-5","acting":"otto"}"#),
        ("case.examine", #"{"case":"C-5","step":"papers","outcome":"in-order","finding":"complete","acting":"otto"}"#),
        ("case.withdraw", #"{"case":"C-4","reason":"built elsewhere"}"#), ("case.list", #"{"filter":{"state":"granted"},"limit":1}"#),
        ("case.count", #"{"filter":{"overdue":true},"stale_ok":true}"#), ("notice.list", #"{"mine":true,"limit":1}"#),
        ("notice.take", #"{"notices":[3]}"#),
        ("clock.advance", #"{"to":"2026-02-10T01:00:00Z"}"#),
        ("draw.list", "{}"), ("draw.get", #"{"draw":"weekly/2026-02-09"}"#),
        ("sla.report", #"{"by":"matter","from":"2026-02-01","to":"2026-03-01"}"#),
        ("catalog.cancel", "{}"), ("clock.confirm", "{}"), ("server.status", "{}"), ("backup.make", "{}"),
        ("backup.read", #"{"backup":"<backup>","offset":0}"#), ("server.history", "{}"),
        ("evidence.checkpoint", "{}"), ("evidence.hashes", #"{"level":0,"index":0,"width":1}"#), ("evidence.entries", #"{"limit":1}"#),
        ("evidence.proof", #"{"case":"C-3","revision":1,"acting":"otto"}"#), ("evidence.scrub", #"{"after":"cases.0"}"#),
        ("case.inspect", #"{"case":"C-4","outcome":"in-order","finding":"withdrawn in time","draw":"weekly/2026-02-09","acting":"cora"}"#),
        ("clock.advance", #"{"to":"2027-03-01T01:00:00Z"}"#),
        ("case.erase_personal", #"{"case":"C-4","reason":"kept for a year after its end","acting":"ada"}"#),
    ]

    @Test("protocol/METHODS.md is what a server answers; write it anew with UPDATE=1")
    func page() async throws {
        let local = try await LocalServer(isOnDisk: true)
        let client = try local.client()
        var catalog = SmallOffice.consulting(SmallOffice.files()).merging(SmallOffice.survey) { $1 }
        catalog["draws.toml"] = "[draw.weekly]\npost = \"commissioner\"\nevery = \"week\"\nsize = 9\ncalendar = \"cn\"\n"
        let files = text(SmallOffice.parameter(catalog)["files"]!)
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
                if method == "case.submit", receipt.isEmpty { receipt = result["receipt"]!.string! }
                if method == "backup.make" { backup = result["backup"]!.string! }
                #expect(method.description.result.difference(result) == nil, "\(method.rawValue)")
                if exchanges[method] == nil { exchanges[method] = (shown, normal(text(abridged(result, method)))) }
            case .failure(let error):
                // Nothing waits, and the clock has not jumped.
                #expect(["catalog.confirm", "catalog.cancel", "clock.confirm"].contains(method), "\(method.rawValue): \(error)")
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

        Generated from what each method declares (`Sources/CaseCore/Commands`, `Sources/CaseWire/Query.swift`) and from a server that was asked; write it anew with
        `UPDATE=1 swift test --filter MethodPageTests`. [`PROTOCOL.md`](PROTOCOL.md) says what holds for all of them, and
        [`openrpc.json`](openrpc.json) has the same for machines. `…` stands for what is left out here. Commands also take `if_revision` and
        `idempotency_key`; they and reads of cases take `acting`. Where a parameter says nothing else, it has at most 1 KiB.


        """

    private func section(_ method: Method, _ exchange: (params: String, reply: String)) -> String {
        let own = method.parameters.filter { !["if_revision", "idempotency_key", "acting"].contains($0.name) }
        let rows = own.map { "| `\($0.name)`\($0.isOptional ? " ?" : "") | \(form($0.givenShape)) | \($0.summary)\(size($0)) |\n" }.joined()
        let table = rows.isEmpty ? "" : "| parameter | | |\n|---|---|---|\n\(rows)\n"
        let common: Set<Int> = [-32700, -32600, -32601, -32602, -32603, 4429, 4503, 4508, 5400, 5403, 5413]
        let errors = method.errors.map(\.rawValue).filter { !common.contains($0) }.map(String.init).joined(separator: ", ")
        return """
            ## `\(method.rawValue)`

            \(method.description.summary)

            \(table)Besides the errors that every method has (JSON-RPC's own, 4429, 4503, 4508, 5400, 5403, 5413): \(errors).

            ```json
            >> {"jsonrpc":"2.0","id":1,"method":"\(method.rawValue)","params":\(exchange.params)}
            << \(exchange.reply.hasPrefix("error") ? exchange.reply : #"{"jsonrpc":"2.0","id":1,"result":"# + exchange.reply + "}")
            ```


            """
    }

    private func size(_ parameter: Shape.Member) -> String {
        parameter.byteLimit == ByteLimit.name ? "" : "; at most \(parameter.byteLimit >> 10) KiB"
    }

    private func form(_ shape: Shape) -> String {
        switch shape {
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
        case .named(_, .either(let shapes)): shapes.map(self.form).joined(separator: ", or ")
        case .named(let name, _): name
        case .map: "object of texts"
        case .either, .any: "any"
        case .object(let members): "object of " + members.map(\.name).joined(separator: ", ")
        }
    }

    private func text(_ value: JSONValue) -> String {
        String(decoding: JSONWriter.bytes { $0.value(value) }, as: UTF8.self)
    }

    /// Of a case what changes with a command, of lists the first element, of long texts nothing.
    private func abridged(_ value: JSONValue, _ method: Method) -> JSONValue {
        let more = JSONValue.Member("…", .string("…"))
        if case .command = method {
            return .object((value.members ?? []).filter { ["case", "state", "revision", "light"].contains($0.name) } + [more])
        }
        if method == "rpc.discover" { return .object((value.members ?? []).prefix(2) + [more]) }
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
                /"(sha256|commitment|secret|seed|head_sha256|population_sha256)":"[0-9a-f]{64}"/, with: { "\"\($0.1)\":\"9f86…\"" }
            )
            .replacing(/sha256:[0-9a-f]{64}/, with: "sha256:9f86…").replacing(/"salt":"[0-9a-f]{32}"/, with: #""salt":"4355…""#)
            .replacing(/ssh-ed25519 [A-Za-z0-9+\/]{68}/, with: "ssh-ed25519 AAAA…")
            .replacing(/"drawn":\["C-[0-9]+"/, with: #""drawn":["C-1""#).replacing(
                /"(store_bytes|bytes)":[0-9]{4,}/, with: { "\"\($0.1)\":303104" }
            )
            .replacing(/[A-Za-z0-9+\/]{43}=/, with: "47DE…").replacing(/cased\/[0-9a-z-]+/, with: "cased/k3f9")
            .replacing(
                /"scrub":\{[^}]*\}/, with: #""scrub":{"began":null,"pages":74,"entries":31,"cases":5,"ended":"2026-02-06T01:00:01Z"}"#
            )
            .replacing(/"work":\{[^}]*\}/, with: #""work":{"batches":2,"commands":0}"#).replacing(/"user\.[0-9]+"/, with: #""user.1000""#)
    }
}
