import CaseCore
import CasePages
import CaseTesting
import CaseWire
import Foundation
import Testing

@testable import casectl

/// Which cases, events and notices casectl shows, by what people say of them.
@Suite("Which cases are meant")
struct WhichCasesTests {
    private let directory = TemporaryDirectory()

    private func office(_ files: [String: String] = SmallOffice.files()) throws -> DaemonProcess {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter(files)).get()
        return daemon
    }

    private func casectl(_ daemon: DaemonProcess, _ arguments: String..., chinese: Bool = false) throws -> Program {
        try Program(
            "casectl", arguments,
            environment: ["CASED_SOCKET": daemon.socket].merging(chinese ? ["LC_ALL": "zh_CN.UTF-8"] : [:]) { $1 })
    }

    private func call(_ daemon: DaemonProcess, _ method: String, _ parameters: JSONValue) throws {
        _ = try daemon.client().call(method, parameters).get()
    }

    /// One submitted, one accepted, one granted, one refused and delivered.
    private func fourCases(_ daemon: DaemonProcess) throws {
        for title in ["one", "two", "three", "four"] { try call(daemon, "case.submit", SmallOffice.submission(title)) }
        for number in 2...4 { try call(daemon, "case.accept", .of(["case": .string("C-\(number)"), "acting": "otto"])) }
        for (number, word) in [(3, "grant"), (4, "refuse")] {
            let file = JSONValue.string("C-\(number)")
            let recommended: JSONValue = .of(["case": file, "recommendation": .string(word), "opinion": "seen", "acting": "otto"])
            try call(daemon, "case.recommend", recommended)
            let reasons: [JSONValue.Member] = word == "refuse" ? [.init("reasons", "too near")] : []
            try call(daemon, "case.\(word)", .object([.init("case", file), .init("acting", "lena")] + reasons))
        }
        try call(daemon, "case.deliver", .of(["case": "C-4", "how": "by post", "acting": "otto"]))
    }

    private func cases(_ program: Program) -> [String] {
        program.output.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty }
    }

    @Test("Each word of a filter can be given several times or with commas, and means any of them")
    func severalWords() throws {
        let daemon = try office()
        try fourCases(daemon)
        func listed(_ words: String...) throws -> [String] {
            let program = try Program(
                "casectl", ["list", "-o", "csv", "--columns", "case"] + words, environment: ["CASED_SOCKET": daemon.socket])
            #expect(program.status == 0, "\(words): \(program.errors)")
            return cases(program)
        }
        #expect(try listed("--state", "submitted") == ["C-1"])
        #expect(try listed("--state", "submitted,granted") == ["C-1", "C-3"])
        #expect(try listed("--state", "submitted", "--state", "granted,refused") == ["C-1", "C-3", "C-4"])
        #expect(try listed("--state", "granted", "--matter", "notice") == [])
        #expect(try casectl(daemon, "count", "--state", "in-review,refused").output == "2\n")
        #expect(try casectl(daemon, "bulk", "note", "--set", "text=x", "--state", "in-review,submitted", "--expect", "2").status == 0)
        // All words that a filter knows, by what it declares.
        let several = FilterMember.all.map(\.shape).filter { $0.shape.wordsOfSeveral != nil }
        #expect(several.map(\.name).contains("state") && several.map(\.name).contains("light"))
        for member in several {
            let (option, words) = ("--" + member.name.replacing("_", with: "-"), member.shape.wordsOfSeveral!)
            let single = try words.map { try Int(casectl(daemon, "count", option, $0).output.dropLast())! }
            #expect(try casectl(daemon, "count", option, words.joined(separator: ",")).output == "\(single.reduce(0, +))\n", "\(option)")
            let repeated = words.flatMap { [option, $0] }
            let all = try Program("casectl", ["count"] + repeated, environment: ["CASED_SOCKET": daemon.socket])
            #expect(all.output == "\(single.reduce(0, +))\n", "\(option): \(all.errors)")
        }
        // Of a submission, there is one.
        let submitted = try casectl(
            daemon, "submit", "permit", "--title", "t", "--applicant-id", "1", "--applicant-name", "n", "--channel", "window", "--channel",
            "online")
        #expect(submitted.status == 64 && submitted.errors.contains("--channel is given twice"))
        daemon.terminate()
    }

    @Test("Each word that is none gets the one that is meant most likely")
    func misspelledWords() throws {
        let daemon = try office()
        let program = try casectl(daemon, "list", "--state", "grnted,submitted,refusd", "--light", "rad")
        #expect(program.status == 64, "\(program.output)")
        for said in [
            "--state grnted is none of its words: did you mean granted?", "--state refusd is none", "did you mean refused?", "red?",
        ] {
            #expect(program.errors.contains(said), "\(program.errors)")
        }
        #expect(!program.errors.contains("submitted is none"))
        let foreign = try casectl(daemon, "count", "--state", "granted,", chinese: true)
        #expect(foreign.status == 64 && foreign.errors.contains("不是可用的词"), "\(foreign.errors)")
        // So does the server, to whoever asks it.
        let asked = try casectl(daemon, "rpc", "case.count", #"{"filter":{"state":["granted","refusd"]}}"#)
        #expect(asked.status == 64 && asked.errors.contains("filter.state[1]") && asked.errors.contains("did you mean refused?"))
        daemon.terminate()
    }

    @Test("What was decided and not handed over is found, until it is, also in a store from before")
    func undelivered() throws {
        let daemon = try office()
        try fourCases(daemon)
        #expect(try cases(casectl(daemon, "list", "--undelivered", "-o", "csv", "--columns", "case")) == ["C-3"])
        try call(daemon, "case.decline", .of(["case": "C-1", "ground": "not ours", "acting": "otto"]))
        #expect(try cases(casectl(daemon, "list", "--undelivered", "-o", "csv", "--columns", "case")) == ["C-1", "C-3"])
        try call(daemon, "case.deliver", .of(["case": "C-3", "how": "by post", "acting": "otto"]))
        #expect(try casectl(daemon, "count", "--undelivered").output == "1\n")
        #expect(try casectl(daemon, "rpc", "case.count", #"{"filter":{"undelivered":false}}"#).output.contains("\"count\":3"))
        daemon.terminate()
    }

    @Test("A watch begins at an instant or a day, and from there keeps its place at once")
    func watchFrom() throws {
        let daemon = try office()
        for (hour, title) in ["early", "later", "last"].enumerated() {
            if hour > 0 { try call(daemon, "clock.advance", .of(["to": .string("2026-02-0\(6 + hour)T02:00:00Z")])) }
            try call(daemon, "case.submit", SmallOffice.submission(title))
        }
        func seen(_ from: String, _ count: Int) throws -> [String] {
            let program = try casectl(daemon, "watch", "--from", from, "--count", "\(count)", "--json")
            #expect(program.status == 0, "\(from): \(program.errors)")
            return try program.output.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
                .compactMap { $0["event"]?.cell("case") }
        }
        #expect(try seen("start", 3) == ["C-1", "C-2", "C-3"])
        // It is Sunday the eighth.
        #expect(try seen("yesterday", 2) == ["C-2", "C-3"] && seen("today", 1) == ["C-3"] && seen("-7d", 3) == ["C-1", "C-2", "C-3"])
        #expect(try seen("2026-02-07T02:00:00Z", 2) == ["C-2", "C-3"], "what happened then is in it")
        #expect(try seen("2026-02-07T02:00:00.001Z", 1) == ["C-3"])
        let wrong = try casectl(daemon, "watch", "--from", "noday", "--count", "1")
        #expect(wrong.status == 64 && wrong.errors.contains("--from noday is no day"), "\(wrong.errors)")
        let place = "\(directory.path)/place"
        for title in ["C-2", "C-3"] {
            let program = try casectl(daemon, "watch", "--from", "yesterday", "--cursor-file", place, "--count", "1")
            #expect(program.output.contains(title), "\(program.output)\(program.errors)")
        }
        daemon.terminate()
    }

    @Test("A watch of one case says first how it stands, to people alone")
    func watchedCase() throws {
        let daemon = try office()
        try fourCases(daemon)
        let lines = try casectl(daemon, "watch", "C-3", "--from", "start", "--count", "1").output.split(separator: "\n")
        #expect(lines.count == 2 && lines[0] == "C-3  granted  three" && lines[1].contains("submitted"), "\(lines)")
        let machine = try casectl(daemon, "watch", "C-3", "--from", "start", "--count", "1", "--json").output
        #expect(machine.split(separator: "\n").count == 1 && machine.contains("\"type\":\"event\""))
        let all = try casectl(daemon, "watch", "--from", "start", "--count", "1").output
        #expect(all.split(separator: "\n").count == 1, "a watch of all cases lists none first: \(all)")
        daemon.terminate()
    }

    @Test("An export has only the cases that are named, and only the events of its period, in every form")
    func export() throws {
        let daemon = try office()
        try fourCases(daemon)
        try call(daemon, "clock.advance", .of(["to": "2026-02-09T02:00:00Z"]))
        try call(daemon, "case.note", .of(["case": "C-1", "text": "on Monday", "acting": "otto"]))
        func exported(_ words: String...) throws -> String { try exported(words) }
        func exported(_ words: [String]) throws -> String {
            let program = try Program("casectl", ["export"] + words, environment: ["CASED_SOCKET": daemon.socket])
            #expect(program.status == 0, "\(words): \(program.errors)")
            return program.output
        }
        for form in ["jsonl", "csv", "xes"] {
            let whole = try exported("-o", form)
            for file in 1...4 { #expect(whole.contains("C-\(file)")) }
            for words in [["--case", "C-2", "--case", "C-4"], ["--case", "C-2,C-4,C-2"]] {
                let some = try exported(["-o", form] + words)
                #expect(some.contains("C-2") && !some.contains("C-1") && !some.contains("C-3"), "\(form): \(some)")
            }
            let monday = try exported("-o", form, "--from", "2026-02-09", "--to", "2026-02-10")
            #expect(monday.contains("C-1") && monday.contains("noted"), "\(form): \(monday)")
            for file in 2...4 { #expect(!monday.contains("C-\(file)"), "\(form): \(monday)") }
            #expect(try !exported("-o", form, "--to", "2026-02-09").contains("noted"))
            #expect(try !exported("-o", form, "--from", "today", "--case", "C-2").contains("C-2"))
        }
        let xes = try exported("-o", "xes", "--from", "today")
        #expect(xes.components(separatedBy: "<trace>").count == 2 && xes.components(separatedBy: "</trace>").count == 2)
        let unknown = try casectl(daemon, "export", "--case", "C-1", "--case", "C-99")
        #expect(unknown.status == 66 && unknown.output.isEmpty && unknown.errors.contains("there is no case C-99"), "\(unknown.errors)")
        let backward = try casectl(daemon, "export", "--from", "2026-02-10", "--to", "2026-02-09")
        #expect(backward.status == 64 && backward.errors.contains("is not behind --from"), "\(backward.errors)")
        #expect(try casectl(daemon, "export", "--case", "c1").errors.contains("Did you mean C-1?"))
        daemon.terminate()
    }

    @Test("A queue for programs has every case once, those with a deadline first, however many there are")
    func wholeQueue() throws {
        let daemon = try office()
        let client = try daemon.client()
        for number in 1...1020 { _ = try client.call("case.submit", SmallOffice.submission("\(number)")).get() }
        try call(daemon, "case.accept", .of(["case": "C-1", "acting": "hana"]))
        try call(
            daemon, "case.suspend",
            .of(["case": "C-1", "kind": "hearing", "basis": "§ 1", "expected": "10 working-days", "acting": "hana"]))
        let table = try casectl(daemon, "queue", "--as", "hana")
        #expect(table.errors.contains("these are the first 1000"), "\(table.errors)")
        let waiting = try casectl(daemon, "list", "--mine", "--as", "hana", "-o", "csv", "--columns", "case")
        let csv = try casectl(daemon, "queue", "--as", "hana", "-o", "csv", "--columns", "case")
        let numbers = cases(csv)
        #expect(numbers.count == 1020 && Set(numbers) == Set(cases(waiting)) && csv.errors.isEmpty, "\(numbers.count) \(csv.errors)")
        #expect(numbers.last == "C-1", "what has no deadline comes last")
        let lines = try casectl(daemon, "queue", "--as", "hana", "-o", "jsonl").output.split(separator: "\n")
        #expect(lines.count == 1020)
        let document = try JSONReader.read(Array(try casectl(daemon, "queue", "--as", "hana", "--json").output.utf8))
        #expect(document["cases"]?.array?.compactMap { $0.cell("case") } == numbers)
        let ordered = try casectl(daemon, "queue", "--as", "hana", "-o", "csv", "--columns", "case", "--sort", "-case")
        #expect(cases(ordered).first == "C-1020" && cases(ordered).count == 1020)
        daemon.terminate()
    }

    @Test("The orders of a case are listed by its number alone, as by the option")
    func ordersOfCase() throws {
        let daemon = try office()
        try fourCases(daemon)
        try call(
            daemon, "order.open",
            .of(["case": "C-2", "to": "handler", "reason": "why so long", "due": "2 working-days", "acting": "cora"]))
        let listed = try casectl(daemon, "order", "list", "C-2", "--as", "cora")
        #expect(listed.status == 0 && listed.output.contains("O-2-1"), "\(listed.errors)")
        #expect(try casectl(daemon, "order", "list", "--case", "C-2", "--as", "cora").output == listed.output)
        #expect(try !casectl(daemon, "order", "list", "C-3", "--as", "cora").output.contains("O-2-1"))
        #expect(try casectl(daemon, "order", "list", "C-2", "--case", "C-3").status == 64)
        #expect(try casectl(daemon, "order", "list", "--case", "C-2", "--case", "C-3").errors.contains("--case is given twice"))
        #expect(try casectl(daemon, "order", "list", "c2").errors.contains("Did you mean C-2?"))
        daemon.terminate()
    }

    @Test("Notices to an applicant are not those to a person of the same id")
    func applicantsNotices() throws {
        let daemon = try office()
        let members = SmallOffice.submission("by a neighbour").members!.filter { $0.name != "applicant" }
        let applicant = JSONValue.Member("applicant", .of(["id": "otto", "name": "Otto the Other"]))
        try call(daemon, "case.submit", .object(members + [applicant]))
        try call(daemon, "case.assign", .of(["case": "C-1", "handler": "otto", "acting": "hana"]))
        try call(daemon, "case.accept", .of(["case": "C-1", "acting": "otto"]))
        try call(daemon, "case.recommend", .of(["case": "C-1", "recommendation": "grant", "opinion": "x", "acting": "otto"]))
        try call(daemon, "case.return", .of(["case": "C-1", "reason": "look again", "acting": "lena"]))
        func addressees(_ recipient: String) throws -> Set<String> {
            Set(cases(try casectl(daemon, "notices", "--recipient", recipient, "-o", "csv", "--columns", "addressee")))
        }
        #expect(try addressees("otto") == ["applicant", "handler"])
        #expect(try addressees("applicant:otto") == ["applicant"])
        daemon.terminate()
    }
}
