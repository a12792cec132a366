import CaseClient
import CaseTesting
import CaseWire
import Catalogue
import Foundation
import Testing

/// What whoever writes a catalogue types.
@Suite("casectl's tools for catalogues")
struct CatalogToolsTests {
    private let directory = TemporaryDirectory()

    private func folder(_ files: [String: String]) throws -> TemporaryDirectory {
        let folder = TemporaryDirectory()
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)")) }
        return folder
    }

    private func casectl(_ arguments: String..., socket: String = "/nonexistent/s") throws -> Program {
        try Program("casectl", arguments, environment: ["CASED_SOCKET": socket])
    }

    @Test(
        "The catalogue that init writes passes check and is applied, a case runs to its end by it, and an auditor could agree to the next")
    func beginning() throws {
        let catalog = "\(directory.path)/my catalog"
        let written = try casectl("catalog", "init", catalog)
        #expect(written.status == 0 && written.output.contains("casectl catalog check '\(catalog)'"), "\(written.output) \(written.errors)")
        let checked = try casectl("catalog", "check", catalog)
        #expect(checked.status == 0 && !checked.output.contains("warning"), "\(checked.output)")
        #expect(try casectl("catalog", "init", catalog).status == 64, "what is there is not written over")
        let users = "\(directory.path)/users.toml"
        try Data("[user.\(getuid())]\nservice = \"online-hall\"\n[user.4799]\nperson = \"person-5\"\n".utf8).write(to: URL(filePath: users))
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        let applied = try casectl("catalog", "apply", catalog, "--with", users, socket: daemon.socket)
        #expect(applied.status == 0 && !applied.output.contains("Nobody but admins"), "\(applied.output) \(applied.errors)")
        let client = try daemon.client()
        let submission = SmallOffice.submission(matter: "building").members!.filter { $0.name != "materials" }
        var file = try client.call("case.submit", .object(submission + [.init("materials", ["form"])])).get()
        for (method, person, members) in [
            ("case.accept", "person-3", []), ("case.recommend", "person-3", [("recommendation", "grant"), ("opinion", "fine")]),
            ("case.grant", "person-1", []), ("case.deliver", "person-3", [("how", "post")]),
        ] as [(String, String, [(String, JSONValue)])] {
            file = try client.call(
                method, .object([.init("case", "C-1"), .init("acting", .string(person))] + members.map { .init($0.0, $0.1) })
            ).get()
        }
        #expect(file["state"] == "granted" && file["delivered_at"]?.string != nil)
        #expect(daemon.terminate() == 0)
    }

    @Test("check says what is wrong in every file at once, also in one that is in another encoding, and what may be besides")
    func check() throws {
        var files = SmallOffice.files()
        files["sla.toml"]!.replace("[sla.licensing.intake]", with: "[sla.licensing.intake")
        files["matters.toml"]!.replace("basis = \"Permit Act, § 7\"\n", with: "")
        let folder = try folder(files)
        // 审批局 in GB18030.
        try Data(Array("[module.m]\nname = \"".utf8) + [0xC9, 0xF3, 0xC5, 0xFA, 0xBE, 0xD6] + Array("\"\n".utf8)).write(
            to: URL(filePath: "\(folder.path)/modules.toml"))
        let checked = try casectl("catalog", "check", folder.path)
        let lines = checked.output.split(separator: "\n")
        #expect(checked.status == 1 && lines.count == 3, "\(checked.output)")
        #expect(lines[0].hasPrefix("modules.toml:2: form: the file is in GB18030") && lines[0].contains("iconv -f GB18030 -t UTF-8"))
        #expect(lines[1].hasPrefix("sla.toml:3: form: ") && lines[2].hasPrefix("warning: matters.toml:1: basis: "), "\(lines)")
        let json = try JSONReader.read(Array(try casectl("catalog", "check", folder.path, "--json").output.utf8))
        #expect(json["findings"]?.array?.map { $0["file"] } == ["modules.toml", "sla.toml"] && json["warnings"]?.array?.count == 1)
        #expect(json["more"] == 0)
        // Commands that ask a server say so before they do.
        for command in ["plan", "apply"] {
            let refused = try casectl("catalog", command, folder.path)
            #expect(refused.status == 1, "\(refused.errors)")
            #expect(refused.errors.contains("modules.toml:2") && refused.errors.contains("sla.toml:3"), "\(refused.errors)")
        }
        let unreadable = try casectl("catalog", "check", folder.path, "--with", "/nonexistent/users.toml")
        #expect(unreadable.status == 66 && unreadable.errors.contains("/nonexistent/users.toml cannot be read: there is no such file"))
    }

    @Test(
        "Of many findings and warnings check says the first hundred of each to people, the first thousand to programs, and how many there are besides"
    )
    func manyFindings() throws {
        var files = SmallOffice.files()
        // Each with a key that there is not, or without a basis.
        files["many.toml"] = (0..<1150).map { "[person.p\($0)]\nname = \"P\"\nage = 1\n" }.joined()
        files["matters.toml"]! += (0..<102).map {
            "[matter.m\($0)]\nname = \"M\"\noffice = \"permits\"\nleader = \"leader\"\ncommissioner = \"commissioner\"\nsla = \"licensing\"\n"
        }.joined()
        let folder = try folder(files)
        let json = try JSONReader.read(Array(try casectl("catalog", "check", folder.path, "--json").output.utf8))
        let (findings, warnings) = (json["findings"]?.array?.count ?? 0, json["warnings"]?.array?.count ?? 0)
        #expect(findings == 1000 && json["more"]?.integer == 150 && warnings > 100, "\(findings) \(warnings) \(json["more"] ?? .null)")
        let lines = try casectl("catalog", "check", folder.path).output.split(separator: "\n").map(String.init)
        #expect(lines.count { $0.hasPrefix("many.toml:") } == 100 && lines.count { $0.hasPrefix("warning: matters.toml:") } == 100)
        #expect(lines.filter { $0.hasSuffix(" more") } == ["and 1050 more", "warning: and \(warnings - 100) more"], "\(lines.suffix(3))")
    }

    @Test("explain says all about each key: by itself, behind its table, and behind the entry that somebody has")
    func explain() throws {
        for table in CatalogueTable.every {
            for key in table.keys {
                let said = try #require(CatalogueTable.keys(named: "\(table.name).\(key.name)").first { $0.table.name == table.name })
                let text = said.key.explanation(in: said.table)
                #expect(text.contains("example: \(key.name) = \(key.example)\n") && text.contains("  \(key.summary)\n"))
                #expect(CatalogueTable.keys(named: key.name).contains { $0.table.name == table.name })
            }
        }
        for (asked, heading) in [
            ("matter.channels", "channels, in [matter.NAME]"), ("matter.permit.channels", "channels, in [matter.NAME]"),
            ("sla.fast.decision.budget", "budget, in [sla.NAME.CLOCK]"), ("valid-through", "valid-through, in [calendar.NAME]"),
        ] {
            let said = try casectl("catalog", "explain", asked)
            #expect(said.status == 0 && said.output.hasPrefix(heading), "\(asked): \(said.output) \(said.errors)")
        }
        let length = try casectl("catalog", "explain", "budget").output
        #expect(length.contains("working-days, calendar-days") && length.contains("needed:  yes"), "\(length)")
        #expect(try casectl("catalog", "explain", "silence").output.contains("no; without it: nothing"))
        #expect(try casectl("catalog", "explain", "matter").output.hasPrefix("[matter.NAME]\n"))
        for (asked, meant) in [("chanels", "channels"), ("mater", "matter"), ("matter.chanels", "matter.channels")] {
            let refused = try casectl("catalog", "explain", asked)
            #expect(refused.status == 64 && refused.errors.contains("did you mean \(meant)?"), "\(asked): \(refused.errors)")
        }
    }

    @Test("A folder is compared with another one without a server, and with a version of one; what changes is said with its values")
    func difference() throws {
        var files = SmallOffice.files()
        let before = try folder(files)
        files["sla.toml"]!.replace("budget = \"20 working-days\"", with: "budget = \"15 working-days\"")
        files["office.toml"]!.replace("holder = \"lena\"", with: "holder = \"bela\"")
        let after = try folder(files)
        let wanted = [
            "  changed post.leader (office.toml:20)\n    holder: \"lena\" → \"bela\"\n",
            "  changed sla.licensing (sla.toml:1)\n    decision.budget: \"20 working-days\" → \"15 working-days\"\n",
            "post.leader holder: from lena to bela",
        ]
        let local = try casectl("catalog", "diff", before.path, after.path)
        #expect(local.status == 0 && local.output.hasPrefix("From \(before.path) to \(after.path):\n"), "\(local.output) \(local.errors)")
        for text in wanted { #expect(local.output.contains(text), "\(local.output)") }
        #expect(try casectl("catalog", "diff", before.path, before.path).output.contains("nothing changes"))
        let daemon = try DaemonProcess(in: directory)
        #expect(try casectl("catalog", "apply", before.path, socket: daemon.socket).status == 0)
        for arguments in [[after.path], ["1", after.path]] {
            let program = try Program("casectl", ["catalog", "diff"] + arguments, environment: ["CASED_SOCKET": daemon.socket])
            #expect(program.output.hasPrefix("From version 1 to \(after.path):\n"), "\(program.output) \(program.errors)")
            for text in wanted { #expect(program.output.contains(text), "\(program.output)") }
        }
        let plan = try casectl("catalog", "plan", after.path, socket: daemon.socket).output
        for text in wanted.prefix(2) { #expect(plan.contains(text), "\(plan)") }
        #expect(try casectl("catalog", "apply", after.path, socket: daemon.socket).status == 0)
        for arguments in [["1", "2"], [], ["1"]] {
            let program = try Program("casectl", ["catalog", "diff"] + arguments, environment: ["CASED_SOCKET": daemon.socket])
            #expect(program.output.hasPrefix("From version 1 to version 2:\n") && program.output.contains(wanted[1]), "\(program.output)")
        }
        // Files that bind nobody would unbind nobody.
        files["office.toml"]!.replace("[user.\(getuid())]\nservice = \"hall\"\n", with: "")
        let unbound = try folder(files)
        let same = try casectl("catalog", "diff", "2", unbound.path, socket: daemon.socket)
        #expect(same.output.contains("nothing changes"), "\(same.output) \(same.errors)")
        let kept = try casectl("catalog", "plan", unbound.path, socket: daemon.socket)
        #expect(kept.output.contains("Nothing changes"), "\(kept.output)")
        files["sla.toml"]!.replace("budget = \"15 working-days\"", with: "budget = \"16 working-days\"")
        let shorter = try folder(files)
        let said = try casectl("catalog", "plan", shorter.path, socket: daemon.socket)
        #expect(said.output.contains("stay bound (1), as these files bind none; --without-users unbinds them"), "\(said.output)")
        // Both ways say the same to a program.
        func json(_ arguments: String...) throws -> JSONValue {
            let program = try Program("casectl", ["catalog", "diff", "--json"] + arguments, environment: ["CASED_SOCKET": daemon.socket])
            return try JSONReader.read(Array(program.output.utf8))
        }
        let (stored, folders) = (try json("1", "2"), try json(before.path, after.path))
        #expect(stored["changes"] == folders["changes"] && stored["appointments"] == folders["appointments"])
        #expect(folders["from"]?.string == before.path)
        #expect(daemon.terminate() == 0)
    }

    @Test("A submission in a way that the matter does not take is refused, and told which it takes")
    func channel() throws {
        let daemon = try DaemonProcess(in: directory, manualClock: "2026-02-06T01:00:00Z")
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        let submit = ["submit", "permit", "--title", "T", "--applicant-id", "A", "--applicant-name", "N"]
        let refused = try Program("casectl", submit + ["--channel", "fax"], environment: ["CASED_SOCKET": daemon.socket])
        #expect(refused.status == 64 && refused.errors.contains("not handed in by \"fax\"") && refused.errors.contains("window, online"))
        let taken = try Program("casectl", submit + ["--channel", "online"], environment: ["CASED_SOCKET": daemon.socket])
        #expect(taken.status == 0, "\(taken.errors)")
        #expect(daemon.terminate() == 0)
    }
}
