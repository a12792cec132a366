import CaseCore
import CaseEngine
import CaseTesting
import CaseWire
import Evidence

/// Who asks for what, in a small office whose catalogue keeps changing.
enum SimulatedOffice {
    static let hall: UInt32 = 4711
    /// The service of those who supervise, and one that is for one matter only.
    static let oversight: UInt32 = 4713
    static let desk: UInt32 = 4712
    static let admin: UInt32 = 0
    /// An admin whom the catalogue binds to a person now and then.
    static let boundAdmin: UInt32 = 4732
    static let admins = [
        Peer(uid: admin), Peer(uid: 4731, isInAdminGroup: true), Peer(uid: boundAdmin, isInAdminGroup: true),
    ]
    /// Unix users of persons, as the catalogue was; it changes whose they are.
    static let users: [String: UInt32] = ["otto": 4721, "cora": 4722, "lena": 4723]
    static let persons: [String?] = ["otto", "hana", "lena", "bela", "cora", "ada", "finn", "wanda", nil]

    /// With which the office seals its decisions.
    static let sealKey = SSHPrivateKey(seed: [UInt8](repeating: 7, count: 32))!
    private static let leaderKey = SSHPrivateKey(seed: [UInt8](repeating: 8, count: 32))!

    /// The catalogue as it was, and as it may become.
    static let variants: [[String: String]] = {
        var base = SmallOffice.consulting(SmallOffice.files(user: hall)).merging(SmallOffice.survey) { $1 }
        // Silence grants all matters, and Bela decides for Lena where she is recused.
        base["matters.toml"]!.replace("extension = {", with: "silence = \"grants\"\nextension = {")
        base["survey.toml"]!.replace("areas = {", with: "silence = \"grants\"\nareas = {")
        base["matters.toml"]! += SmallOffice.revocation
        base["office.toml"]!.replace("holder = \"lena\"", with: "holder = \"lena\"\nsubstitute = \"bureau-head\"")
        let approving = #"["otto", "hana", "lena", "bela", "finn", "wanda"]"#
        base["office.toml"]!.replace(#"["anyone"]"#, with: approving)
        for (name, uid, persons, matters) in [
            ("desk", desk, approving, "matters = [\"notice\"]"), ("oversight", oversight, #"["cora", "ada"]"#, ""),
        ] {
            base["office.toml"]! +=
                "[service.\(name)]\nname = \"\(name)\"\nacts-for = \(persons)\n\(matters)\n[user.\(uid)]\nservice = \"\(name)\"\n"
        }
        for (person, uid) in users.sorted(by: { $0.key < $1.key }) { base["office.toml"]! += "[user.\(uid)]\nperson = \"\(person)\"\n" }
        base["draws.toml"] = """
            [draw.weekly]
            post = "commissioner"
            every = "week"
            size = 2
            calendar = "cn"
            [draw.audit]
            post = "auditor"
            every = "week"
            size = 3
            matters = ["permit"]
            calendar = "cn"

            """
        base["keys.toml"] = "[seal.permits]\noffice = \"permits\"\nkey = \"\(sealKey.publicKey)\"\nfrom = 2025-12-01\n"
        func changed(_ file: String, _ from: String, _ to: String) -> [String: String] {
            var files = base
            precondition(files[file]!.contains(from), "the small office has changed")
            files[file]!.replace(from, with: to)
            return files
        }
        func bound(_ uid: UInt32, to person: String, in files: [String: String]) -> [String: String] {
            var files = files
            let binding = "[user.\(uid)]\nperson = "
            if let old = files["office.toml"]!.firstRange(of: binding) {
                let line = files["office.toml"]![old.upperBound...].prefix { $0 != "\n" }
                files["office.toml"]!.replaceSubrange(line.startIndex..<line.endIndex, with: "\"\(person)\"")
            } else {
                files["office.toml"]! += binding + "\"\(person)\"\n"
            }
            return files
        }
        let week = "[calendar.cn.week]"
        func exchanged(_ one: String, _ other: String) -> [String: String] {
            var files = base
            for (from, to) in [(one, "nobody"), (other, one), ("nobody", other)] {
                files = files.mapValues { $0.replacing("holder = \"\(from)\"", with: "holder = \"\(to)\"") }
            }
            // Who speaks for whom goes with the posts.
            for list in [approving, #"["cora", "ada"]"#] where list.contains(one) != list.contains(other) {
                let (out, into) = list.contains(one) ? (one, other) : (other, one)
                files["office.toml"]!.replace("acts-for = \(list)", with: "acts-for = \(list.replacing("\"\(out)\"", with: "\"\(into)\""))")
            }
            return files
        }
        return [
            base,
            changed("calendar.toml", week, "[[calendar.cn.holiday]]\nname = \"declared\"\nfrom = 2026-02-24\nto = 2026-02-27\n" + week),
            changed("calendar.toml", "from = 2026-02-15\nto = 2026-02-23", "on = 2026-12-24"),
            changed("calendar.toml", week, "[[calendar.cn.make-up]]\nname = \"make-up\"\nfrom = 2026-03-07\nto = 2026-03-08\n" + week),
            changed("sla.toml", "budget = \"20 working-days\"", "budget = \"12 working-days\""),
            changed(
                "sla.toml", "[sla.licensing.intake]\nbudget = \"5 working-days\"", "[sla.licensing.intake]\nbudget = \"9 working-days\""),
            // Months and weeks, last days that are moved, and stages that go on where the file left them.
            changed("sla.toml", "budget = \"30 calendar-days\"", "budget = \"1 months\"\nrolls = true"),
            changed("sla.toml", "budget = \"10 working-days\"", "budget = \"2 weeks\"\nrolls = true"),
            changed(
                "sla.toml", "budget = \"40 working-hours\"",
                "budget = \"40 working-hours\"\nfresh-on-return = false\n"
                    + "[sla.licensing.leader]\nbudget = \"3 working-days\"\nfresh-on-return = false"),
            changed("office.toml", "holder = \"lena\"", "holder = \"bela\""),
            // Other areas, steps and fees for cases to come.
            changed("survey.toml", "north = \"officer\"", "west = \"officer\""),
            changed("survey.toml", "id = \"site\"", "id = \"roof\"\n[[matter.survey.step]]\nid = \"site\""),
            changed("survey.toml", "id = \"charge\"", "id = \"charge\"\noptional = true"),
            changed(
                "office.toml", "[person.hana]",
                "[substitution.spring]\npost = \"leader\"\nby = \"bureau-head\"\nfrom = 2026-02-10\nto = 2026-03-10\n[person.hana]"),
            // The officer's user becomes the commissioner's, and hers his; it becomes that of the head; an admin is one of them.
            bound(users["otto"]!, to: "cora", in: bound(users["cora"]!, to: "otto", in: base)),
            bound(users["otto"]!, to: "hana", in: base),
            bound(boundAdmin, to: "hana", in: base),
            // The officer and the leader, or the commissioner, take each other's place; the latter often, since few of them are recused.
            exchanged("otto", "lena"), exchanged("otto", "cora"), exchanged("otto", "cora"), exchanged("hana", "cora"),
            // And the auditor's, who has read all there is.
            exchanged("otto", "ada"), exchanged("lena", "ada"),
            changed("draws.toml", "size = 2", "size = 9"), changed("draws.toml", "[draw.weekly]", "[draw.other]"),
            // So do the two services.
            base.mapValues {
                $0.replacing("[user.\(hall)]\nservice = \"hall\"", with: "[user.\(hall)]\nservice = \"oversight\"")
                    .replacing("[user.\(oversight)]\nservice = \"oversight\"", with: "[user.\(oversight)]\nservice = \"hall\"")
            },
            base.mapValues {
                $0.replacing(approving, with: "[\"nobody\"]").replacing(#"["cora", "ada"]"#, with: approving)
                    .replacing("[\"nobody\"]", with: #"["cora", "ada"]"#)
            },
            // The office's key ends, and the leader has to sign.
            changed("keys.toml", "from = 2025-12-01\n", "from = 2025-12-01\nuntil = 2026-01-01\n"),
            changed("matters.toml", "silence = \"grants\"\nextension = {", "silence = \"grants\"\nsignature = \"leader\"\nextension = {")
                .merging([
                    "keys.toml": base["keys.toml"]!
                        + "[signer.lena]\nperson = \"lena\"\nkey = \"\(leaderKey.publicKey)\"\nfrom = 2025-12-01\n"
                ]) { $1 },
            // An office that is asked becomes another one.
            base.mapValues {
                $0.replacing("[office.fire]", with: "[office.safety]\nsucceeds = [\"fire\"]")
                    .replacing("office = \"fire\"", with: "office = \"safety\"")
            },
        ]
    }()

    /// The commands on a case that clients give.
    static let commands: [any ClientCommand.Type] = {
        let all = Commands.ofClients.filter { $0.subject != .none }
        return all.filter { !$0.method.hasPrefix("order.") } + all.filter { $0.method.hasPrefix("order.") }
    }()

    /// The user of the service through which somebody speaks; the wrong one now and then.
    static func service(of person: String?, _ choice: Int, in register: Register) -> UInt32 {
        if choice % 29 == 0 { return desk }
        guard let person, choice % 5 != 2 else { return hall }
        let service = register.services[ServiceID("oversight")]
        return service?.mayAct(for: PersonID(person), in: register, isTraining: false) != true
            ? hall : oversight
    }

    /// Which case is meant. What does not fit goes to every state alike, so that rare ones are met as well; what fits often to an open case that
    /// another case or another office waits for.
    static func choice(of files: [CaseFile], _ asking: SimulationStep.Asking) -> CaseFile {
        guard !asking.isFitting else {
            let revocations = files.filter { $0.state.isOpen && $0.origin.submission.refersTo != nil }
            let consulting = files.filter { $0.state.isOpen && $0.consultation.requests.contains(where: \.isOpen) }
            let revoked = files.filter(isRevokedUndelivered)
            let rare = !revoked.isEmpty && asking.file % 3 == 1 ? revoked : revocations.isEmpty ? consulting : revocations
            let meant = rare.isEmpty || asking.file % 3 == 0 ? files : rare
            return meant[asking.file / 3 % meant.count]
        }
        let states = State.allCases.filter { state in files.contains { $0.state == state } }
        let alike = files.filter { $0.state == states[asking.file % states.count] }
        return alike[asking.choice % alike.count]
    }

    /// Among which commands somebody chooses: any of them, those that the case takes, or those that bring it on.
    static func commands(on file: CaseFile, _ asking: SimulationStep.Asking) -> [any ClientCommand.Type] {
        guard asking.isFitting else { return commands }
        func target(_ command: any ClientCommand.Type) -> State? { Lifecycle.target(of: command.name, in: file.state) }
        let fitting = commands.filter { target($0) != nil }
        let onward = fitting.filter { $0.name != Withdraw.name && $0.name != Decline.name && target($0) != file.state }
        // Few come to revoke anything.
        if file.origin.submission.refersTo != nil, !onward.isEmpty, !file.isSuspended { return onward }
        if file.isSuspended, asking.choice % 3 == 1 { return [Resume.self] }
        if isRevokedUndelivered(file) { return [Deliver.self] }
        if file.suspensions.count == 1, asking.command % 8 == 1 { return [Suspend.self] }
        // Steps and fees mostly come before what they hold up.
        if file.matter == "survey", !file.isSuspended {
            if file.state == .inReview, file.examinations.count < 2, asking.choice % 4 > 0 { return [Examine.self] }
            if file.settlements.isEmpty, asking.choice % 4 == 1 { return [SettleFee.self] }
        }
        if file.state == .inReview, file.consultation.requests.count < 2, asking.choice % 7 > 4 { return [AskOpinion.self] }
        if !file.consultation.awaited.isEmpty, asking.choice % 3 == 2 { return [GiveOpinion.self, WithdrawOpinion.self, Recommend.self] }
        // Who declares to have no part often has had none until then.
        if file.participants[.examining].isEmpty, asking.choice % 5 == 3 { return [Recuse.self] }
        if !onward.isEmpty, asking.choice % 3 > 0 { return onward }
        return fitting.isEmpty ? commands : fitting
    }

    private static func isRevokedUndelivered(_ file: CaseFile) -> Bool {
        file.validity.revoked != nil && file.progress.deliveredAt == nil
    }

    /// Who may give a command on a case, by the catalogue as it is.
    static func persons(for command: any ClientCommand.Type, on file: CaseFile, in register: Register) -> [String?] {
        command.declaration.roles.sorted { $0.rawValue < $1.rawValue }.flatMap { role -> [String?] in
            let persons: Set<PersonID> =
                switch role {
                case .office: register.officers(of: file.assignment.office)
                case .leader: register.everyActor(for: file.assignment.leader)
                case .extensionAuthority: register.matters[file.matter]?.extension_.map { register.everyActor(for: $0.authority) } ?? []
                case .commissioner: register.everyActor(for: file.assignment.commissioner)
                case .consulted: Set(file.consultation.requests.flatMap { register.officers(of: $0.office) })
                case .auditor: Set(register.persons.keys.filter(register.isAuditor))
                case .submitter, .admin, .clock, .catalog, .revocation: []
                }
            return persons.isEmpty ? [nil] : persons.sorted().map(\.raw)
        }
    }

    static func submission(_ choice: Int, among files: [CaseFile]) -> [JSONValue.Member] {
        let (title, way) = ("Warehouse \(choice % 7)", choice / 7 % 10)
        if way < 4, let original = reference(way, choice / 70, among: files) {
            // What refers to a case and is no revocation is refused in any case, and now and then for how it came in.
            return SmallOffice.submission(
                title, matter: way == 1 ? "permit" : "revocation", channel: way == 1 && choice % 3 == 0 ? "fax" : nil, refersTo: original
            ).members!
        }
        // Whether there is a case more depends on the remainder.
        let rest = choice / 18
        let matter = way == 8 ? "revocation" : ["notice", "permit", "survey"][choice / 6 % 3]
        let area =
            matter == "survey"
            ? rest % 11 == 0 ? nil : rest % 13 == 0 ? "east" : rest % 2 == 0 ? "north" : "south" : rest % 17 == 0 ? "north" : nil
        let materials = rest % 4 == 0 ? [] : rest % 19 == 0 ? ["charge"] : ["form"]
        return SmallOffice.submission(title, matter: matter, materials: materials, area: area).members!
    }

    /// Whether one of them was granted and holds, and no revocation is open.
    static func isRevocable(_ files: [CaseFile]) -> Bool {
        files.contains { ($0.state == .granted || $0.state == .deemedGranted) && $0.validity == CaseFile.Validity() }
            && !files.contains { $0.state.isOpen && $0.origin.submission.refersTo != nil }
    }

    /// To which case a submission refers: mostly to one that was granted.
    private static func reference(_ way: Int, _ choice: Int, among files: [CaseFile]) -> JSONValue? {
        if way == 0, choice % 4 == 0 { return "C-9999" }
        let granted = files.filter { $0.state == .granted || $0.state == .deemedGranted }
        let meant = way == 0 ? files : granted
        return meant.isEmpty ? nil : .string(meant[choice % meant.count].id.description)
    }

    /// The parameters of a command on a case, but for who asks.
    static func parameters(_ command: any ClientCommand.Type, on file: CaseFile, _ choice: Int) -> [JSONValue.Member] {
        func text(_ value: String) -> JSONValue { .string(choice % 23 == 0 ? " " : value) }
        let order = "O-\(file.id.number)-\(max(1, file.orders.count + (choice % 9 == 0 ? 1 : 0)))"
        let suspension = Suspension.Kind.allCases[choice % Suspension.Kind.allCases.count].rawValue
        let asked = JSONValue.string(
            (file.consultation.requests.last { $0.isOpen } ?? file.consultation.requests.last)?.office.raw ?? "fire")
        let oneCase = JSONValue.Member("case", .string(file.id.description))
        let own: KeyValuePairs<String, JSONValue>
        switch command.name {
        case RequestCorrection.name:
            own = ["missing": .array(choice % 11 == 0 ? [] : [choice % 7 == 0 ? "plan" : choice % 13 == 0 ? "none" : "form"])]
        case Correct.name: own = ["materials": .array(choice % 11 == 0 ? [] : [choice % 13 == 0 ? "none" : "form"])]
        case Decline.name: own = ["ground": text("not ours")]
        case Assign.name where choice % 2 == 0 && !file.recused.isEmpty: own = ["handler": .string(file.recused.map(\.raw).min()!)]
        case Assign.name: own = ["handler": choice % 5 == 0 ? .null : choice % 5 == 1 ? "lena" : choice % 2 == 0 ? "otto" : "hana"]
        case Suspend.name:
            own = [
                "kind": .string(suspension), "basis": text("Art. 45"),
                "expected": .string(choice % 17 == 0 ? "400 calendar-days" : "\(1 + choice % 9) working-days"),
            ]
        case Resume.name: own = choice % 3 == 0 ? ["kind": .string(suspension)] : [:]
        case Extend.name:
            own = [
                "clock": choice % 8 == 0 ? "review" : "decision", "by": .string("\(1 + choice % 12) working-days"),
                "reason": text("expert"),
            ]
        case Examine.name:
            let next = file.examinations.isEmpty ? "papers" : "site"
            let step = choice % 5 == 0 ? "papers" : choice % 7 == 0 ? "site" : choice % 31 == 0 ? "attic" : next
            own = ["step": .string(step), "outcome": choice % 3 == 0 ? "defective" : "in-order", "finding": text("fine")]
        case SettleFee.name:
            own = [
                "material": choice % 13 == 0 ? "form" : "charge",
                "state": .string(Settlement.State.allCases[choice / 4 % Settlement.State.allCases.count].rawValue),
                "reference": text("R-1"), "reason": text("hardship"),
            ]
        case Recommend.name: own = ["recommendation": choice % 3 == 0 ? "refuse" : "grant", "opinion": text("in order")]
        case Return.name, Refuse.name: own = [command.name == Return.name ? "reason" : "reasons": text("say more")]
        case Accept.name: own = choice % 3 == 0 ? ["unassigned": true] : [:]
        case Deliver.name: own = ["how": "post"]
        case Note.name: own = ["text": text("seen")]
        case Escalate.name, Recuse.name: own = ["reason": text("slow")]
        case Inspect.name:
            let draw = choice % 5 == 0 ? "weekly/2026-01-05" : choice % 5 == 1 ? file.selection.draws.last : nil
            own = [
                "outcome": choice % 2 == 0 ? "in-order" : "defective", "finding": text("fine"),
                "draw": draw.map { .string($0) } ?? .null,
            ]
        case AskOpinion.name:
            own = [
                "office": choice % 7 == 0 ? "permits" : choice % 11 == 0 ? "safety" : choice % 2 == 0 ? "fire" : "water",
                "question": text("safe?"),
            ]
        case GiveOpinion.name:
            own = ["office": asked, "opinion": .string(OpinionRequest.Opinion.allCases[choice % 3].rawValue), "text": text("so")]
        case WithdrawOpinion.name: own = ["office": choice % 5 == 0 ? "water" : asked, "reason": text("no need")]
        case OpenOrder.name:
            own = [
                "reason": text("slow"), "due": "3 working-days",
                "to": .string(SupervisionOrder.Recipient.allCases[choice % SupervisionOrder.Recipient.allCases.count].rawValue),
            ]
        case AnswerOrder.name: own = ["order": .string(order), "answer": text("on it")]
        case CloseOrder.name: own = ["order": .string(order), "finding": text("done")]
        default: return [oneCase] + required(of: command).map { .init($0.name, $0.value) } + signature(command, choice)
        }
        let isOnOrder = command.subject == .order
        return (isOnOrder ? [] : [oneCase]) + own.map { .init($0.key, $0.value) } + signature(command, choice)
    }

    /// Now and then one that is none.
    private static func signature(_ command: any ClientCommand.Type, _ choice: Int) -> [JSONValue.Member] {
        command is any SignedCommand.Type && choice % 37 == 0 ? [.init("signature", "signed")] : []
    }

    /// What a command cannot do without, by its shape.
    private static func required<Given: ClientCommand>(of command: Given.Type) -> [(name: String, value: JSONValue)] {
        Given.members.shapes.filter { !$0.isOptional }.map { ($0.name, $0.shape.example) }
    }
}
