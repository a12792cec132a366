import CaseCore
import CasePages
import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casectl

/// What casectl says in Chinese, enumerated from where it is said.
@Suite("In Chinese")
struct ChineseTests {
    private let directory = TemporaryDirectory()

    private static let sources: [(name: String, text: String)] = {
        let folder = "\(SharedData.project)/Sources/casectl"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().map {
            ($0, (try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)) ?? "")
        }
    }()

    private func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    @Test("Every word that the core declares has one in Chinese, wherever it stands in a cell")
    func words() {
        let cells: [(String, [String])] = [
            ("state", State.words), ("clock", ClockKind.words), ("role", Role.words), ("light", Light.words),
            ("timeliness", Timeliness.words),
            ("kind", Suspension.Kind.words), ("addressee", Addressee.words), ("told", SupervisionOrder.Recipient.words),
            ("recommendation", Recommendation.words), ("outcome", Inspection.Outcome.words), ("state", Settlement.State.words),
            ("unit", ["working-days", "calendar-days", "working-hours", "working-minutes", "hours", "minutes", "months"]),
            ("every", InspectionDraw.Period.words), ("channel", ["online", "window", "post"]),
            ("status", ["running", "overdue", "paused"]),
            ("state", ["open", "answered", "closed", "ended", "due", "paid", "waived", "refunded"]),
        ]
        for (column, words) in cells {
            for word in words { #expect(isChinese(Glossary.cell(column, word)), "\(column) \(word)") }
        }
        #expect(Glossary.cell("state", "in-review, suspended") == "审查中，中止")
        #expect(Glossary.cell("title", "granted") == "granted", "what somebody wrote stays as it is")
        for state in State.allCases { #expect(Chinese.state(state).hasPrefix(Glossary.state(state)), "one word for one thing") }
    }

    @Test("Every event has a name in Chinese, and everything that one says a label")
    func events() {
        for (name, shape) in Commands.recordedShapes {
            #expect(Glossary.events[name] != nil, "\(name)")
            guard case .object(let members) = shape else { continue }
            for member in members where Glossary.members[member.name] == nil {
                // What is an object is not said, or by a sentence of its own.
                if case .object = member.givenShape { continue }
                Issue.record("\(name): \(member.name)")
            }
        }
        for name in [
            "clock-stepped", "clock-confirmed", "reprojection-started", "reprojection-finished", "zones-changed", "backed-up", "restored",
            ServerChange.catalogAppliedName, ServerChange.catalogConfirmedName, ServerChange.catalogScheduledName,
            ServerChange.catalogCancelledName, ServerChange.casesReadName, ServerChange.drawCommittedName, ServerChange.drawMadeName,
        ] { #expect(Glossary.events[name] != nil, "\(name)") }
    }

    @Test("Every refusal and every hint is a sentence in Chinese, with the values of the English one", arguments: Refusal.examples)
    func refusals(_ refusal: Refusal) throws {
        let said = try #require(Phrases.chinese(refusal.message), "\(refusal.message)")
        #expect(isChinese(said) && !said.contains("{"), "\(said)")
        guard let hint = refusal.hint else { return }
        let helped = try #require(Phrases.chinese(hint), "\(hint)")
        #expect(isChinese(helped) && !helped.contains("{"), "\(helped)")
        if case .fourEyes(_, _, let other) = refusal { #expect(said.contains(Glossary.role(other)), "it names the rule: \(said)") }
    }

    @Test(
        "Ids and TOML are data: what is called as a word of the trade keeps its name in a sentence, and commas of TOML stay commas",
        arguments: [
            ("holds review", "任 review"), ("substitutes for clock as decision", "代 clock 行使 decision"),
            ("running cases of correction (3) follow the new calendar and limits", "事项 correction 的在办案件（3）改用新的日历和时限"),
            ("matter.review leader: from hearing to admin", "matter.review leader：由 hearing 改为 admin"),
            (
                "review leaves appraisal: open cases (2) fall to its head, and decided ones that wait for their delivery (1)",
                "review 离开 appraisal：在办案件（2）和待送达的办结案件（1）转交该机构负责人"
            ),
            ("warning: add channels = [\"window\", \"online\"]", "警告：add channels = [\"window\", \"online\"]"),
            ("warning: 2026-02-28, a make-up day of cn, is a monday", "警告：2026-02-28, a make-up day of cn, is a monday"),
            ("required materials are missing: paid, decision", "缺少必需的材料：paid、decision"),
            ("fee paid is paid, and cannot be due", "费用 paid 为已缴，不能登记为未缴"),
            ("otto may not grant this case: that is for the leader or admin", "otto 无权办理 grant：此项由决定人或管理员办理"),
        ])
    func ids(english: String, chinese: String) {
        #expect(Phrases.chinese(english) == chinese)
    }

    @Test("By how much a clock was extended is a length, and by whom something was done a name")
    func lengths() {
        #expect(Glossary.member("by", "10 working-days", of: Extended.name) == "延长时间：10 个工作日")
        #expect(Glossary.member("by", "otto", of: Examined.name) == "办理人：otto")
    }

    @Test("Every sentence that casectl says has one in Chinese")
    func sentences() {
        let places: [Regex<(Substring, Substring)>] = [
            /message: "((?:[^"\\]|\\.)*)"/, /hint: "((?:[^"\\]|\\.)*)"/, /ValidationError\("((?:[^"\\]|\\.)*)"\)/,
            /Say\.(?:line|text)\(\s*"((?:[^"\\]|\\.)*)"/,
        ]
        var count = 0
        // The sentences of help are looked for by the help itself.
        let others = ["Chinese.swift", "ParameterOptions.swift"]
        for (name, text) in Self.sources where !name.hasPrefix("Phrases") && !others.contains(name) {
            for found in places.flatMap({ text.matches(of: $0) }) {
                guard let sentence = Self.filled(String(found.1)), sentence.contains(/[A-Za-z]{3}/), sentence.contains(" ") else {
                    continue
                }
                count += 1
                let trimmed = sentence.trimmingCharacters(in: .whitespaces)
                #expect((Phrases.chinese(sentence) ?? Phrases.chinese(trimmed)) != nil, "\(name): \(sentence)")
            }
            for found in text.matches(of: /fill\(\s*"((?:[^"\\]|\\.)*)"/) where found.1.contains(/[A-Za-z]{3}/) {
                #expect(Phrases.all.contains(String(found.1).replacing("\\\"", with: "\"" as String)), "\(name): \(found.1)")
            }
        }
        #expect(count > 150)
    }

    /// A literal with something for each value in it; nil for one that ends within a value, where a text of its own begins.
    private static func filled(_ literal: String) -> String? {
        var (text, depth, rest) = ("", 0, literal[...])
        while let first = rest.first {
            if rest.hasPrefix("\\(") {
                if depth == 0 { text += "X1" }
                (depth, rest) = (depth + 1, rest.dropFirst(2))
            } else if depth > 0 {
                depth += first == "(" ? 1 : first == ")" ? -1 : 0
                rest = rest.dropFirst()
            } else if rest.hasPrefix("{}") {
                text += "X1"
                rest = rest.dropFirst(2)
            } else if first == "\\" {
                text.append(rest.dropFirst().first ?? "\\")
                rest = rest.dropFirst(2)
            } else {
                text.append(first)
                rest = rest.dropFirst()
            }
        }
        return depth == 0 ? text : nil
    }

    @Test("Every heading of a table and every label of a fact has one in Chinese")
    func headings() {
        for (name, text) in Self.sources {
            for found in text.matches(of: /Table\((?:of: )?\[?([^\]\n]*)/) {
                for heading in String(found.1).matches(of: /"([A-Z][A-Z -]+)"/) {
                    #expect(Chinese.texts[String(heading.1)].map(isChinese) == true, "\(name): \(heading.1)")
                }
            }
            for found in text.matches(of: /Column\("([a-z_]+)"/) {
                let heading = found.1.replacing("_", with: " ").uppercased()
                #expect(Chinese.texts[heading].map(isChinese) == true, "\(name): \(heading)")
            }
            for found in text.matches(of: /(?:facts|table)\.add\(\[\s*"([a-z][a-z ]+)",/) where found.1 != "duty" {
                #expect(Chinese.texts[String(found.1)] != nil, "\(name): \(found.1)")
            }
        }
    }

    @Test("What people read on the way of a case has no English in it but names, ids and what somebody types")
    func wholeWay() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let client = try daemon.client()
        _ = try client.call("catalog.apply", SmallOffice.parameter()).get()
        for number in 1...2 { _ = try client.call("case.submit", SmallOffice.submission("标题\(number)")).get() }
        let plain = ["CASED_SOCKET": daemon.socket]
        let chinese = plain.merging(["LC_ALL": "zh_CN.UTF-8"]) { $1 }
        for words in [
            ["accept", "C-1", "--as", "otto"], ["assign", "C-1", "otto", "--as", "hana"],
            ["suspend", "C-1", "--kind", "hearing", "--basis", "条", "--expected", "10 working-days", "--as", "otto"],
            ["resume", "C-1", "--as", "otto"], ["recommend", "C-1", "grant", "--opinion", "好", "--as", "otto"],
            ["order", "open", "C-1", "--reason", "何故", "--due", "2 working-days", "--as", "cora"], ["note", "C-1", "备注", "--as", "otto"],
        ] {
            let program = try Program("casectl", words, environment: chinese)
            #expect(program.status == 0, "\(words): \(program.errors)")
            expectChinese(words, program.output, daemon)
        }
        for words in [
            ["list"], ["list", "-o", "wide"], ["queue", "--as", "otto"], ["show", "C-1", "--as", "lena"], ["show", "C-2", "--as", "otto"],
            ["history", "C-1"], ["explain", "C-1"], ["notices"], ["powers", "C-1"], ["powers", "--proof"], ["status"], ["sla", "check"],
            ["sla", "report"], ["order", "list"], ["count", "--by", "state"], ["catalog", "versions"], ["inspect", "draws"],
            ["bulk", "note", "--set", "text=x", "--dry-run"], ["watch", "--from", "start", "--count", "8"], ["top", "--once"],
            ["powers", "C-1", "--can", "grant", "--person", "otto"],
        ] {
            let program = try Program("casectl", words, environment: chinese)
            #expect([0, 1].contains(program.status), "\(words): \(program.errors)")
            expectChinese(words, program.output + program.errors, daemon)
        }
        for words in [
            ["grant", "C-1", "--as", "otto"], ["grant", "C-2", "--as", "lena"], ["accept", "C-1", "--as", "hana"], ["show", "C-99"],
            ["list", "--matter", "nosuch"], ["list", "--due", "foo"], ["aceppt", "C-1"], ["grant"], ["list", "--csv"],
            ["list", "--sort", "titel"],
            ["submit", "permt", "--title", "x", "--applicant-id", "1", "--applicant-name", "2"], ["accept", "C-1", "C-2"], ["show", "c1"],
            ["wait", "C-1", "--for", "decided", "--timeout", "1s"], ["escalate", "C-1", "--reason", "何故", "--as", "otto"],
        ] {
            let program = try Program("casectl", words, environment: chinese)
            #expect(program.status != 0 && isChinese(program.errors), "\(words): \(program.errors)")
            expectChinese(words, program.errors, daemon)
        }
        for words in [
            ["list", "-o", "csv"], ["list", "-o", "jsonl"], ["queue", "-o", "csv", "--as", "otto"], ["history", "C-1", "-o", "csv"],
            ["history", "C-1", "--json"], ["notices", "-o", "csv"], ["powers", "C-1", "-o", "csv"], ["powers", "C-1", "--json"],
            ["show", "C-1", "--json"], ["explain", "C-1", "--json"], ["sla", "check", "--plugin"], ["sla", "report", "-o", "csv"],
            ["status", "--json"], ["export", "-o", "csv"], ["order", "list", "-o", "csv"], ["count", "--by", "state", "-o", "csv"],
            ["sla", "check", "--plugin", "--matter", "nosuch"], ["watch", "--from", "start", "--count", "3", "--json"],
        ] {
            let english = try Program("casectl", words, environment: plain)
            #expect(try Program("casectl", words, environment: chinese).output == english.output, "machine forms are the same: \(words)")
        }
    }

    /// Words of small letters that are neither ids nor typed are English.
    private func expectChinese(_ words: [String], _ text: String, _ daemon: DaemonProcess) {
        let typed: [String] =
            Commands.ofClients.map { $0.terminalName } + Commands.declarations.map { $0.name.rawValue }
            + FilterMember.all.map { $0.shape.name }
        let ids = [
            "casectl", "cased", "utc", "graphene", "harbin", "park", "ada", "bela", "kib", "mib", "notice", "unassigned", "make", "day",
            "permit",
            "permits", "otto", "hana", "lena", "cora", "bert", "leader", "commissioner", "officer", "office",
            "head", "bureau", "form", "service", "desk", "person", "root", "intake", "note", "working", "days", "catalog", "versions",
            "list",
            "help", "socket", "file", "json", "output", "path", "key", "case", "options", "wide", "today", "yesterday", "tomorrow",
            "monday",
            "this", "week", "dry", "run", "expect", "journalctl", "title", "applicant", "name", "auditor", "user", "true", "queue", "hall",
            "shanghai", "asia", "revision", "reasons", "csv", "aceppt", "nosuch", "foo", "permt", "titel", "granted", "submitted", "show",
            "uid",
            "matter", "duty", "guide", "columns", "bulk",
        ]
        var known: Set<String> = []
        for word in typed + ids {
            for part in word.lowercased().split(whereSeparator: { !$0.isLetter }) { known.insert(String(part)) }
        }
        var seen: Set<String> = []
        // Digests are of hexadecimal digits; the name of a log and paths are data.
        let said = text.replacing(/\b[0-9a-f]{16}\b/, with: "").replacing(/cased\/[0-9a-z]+|\/[^\s]+/, with: "")
        for part in said.split(whereSeparator: { !($0.isLetter && $0.isASCII) }) {
            let word = part.lowercased()
            if word.count > 2, part.contains(where: \.isLowercase), !known.contains(word) { seen.insert(word) }
        }
        #expect(seen.isEmpty, "\(words): \(seen.sorted()) in:\n\(text)")
    }
}
