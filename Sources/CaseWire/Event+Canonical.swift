import CaseCore
import WorkingTime

/// The canonical bytes of an event: one deterministic JSON line without its line feed. The journal keeps exactly these.
extension Event {
    package var canonicalBytes: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("case", file.description)
                writer.member("revision", revision)
                writer.member("at", at)
                writer.member("event", change.name)
                writer.member("by", by)
                writer.member("via", via?.raw)
                writer.optional("instead_of", instead?.raw)
                writer.key("data")
                writer.object { change.write(to: &$0) }
                writer.key("clocks")
                writer.array(of: clocks) { $1.write(to: &$0) }
            }
        }
    }

    package init(canonicalBytes bytes: some Collection<UInt8>) throws {
        try self.init(stored: try JSONReader.read(bytes))
    }

    init(stored value: JSONValue) throws {
        guard let file = CaseID(try value.text("case")) else { throw StoredFormFault("case", value["case"]) }
        self.init(
            file: file, revision: try value.count("revision"), at: try value.instant("at"), by: try value.text("by"),
            via: value.optionalText("via").map { ServiceID($0) }, instead: value.optionalText("instead_of").map { PersonID($0) },
            change: try Change(name: try value.text("event"), stored: try value.object("data")),
            clocks: try storedList(try value.values("clocks"), Clock.init(stored:)))
    }
}

extension Change {
    func write(to writer: inout JSONWriter) {
        switch self {
        case .submitted(let submission, let receipt, let assignment, let catalogVersion):
            writer.member("matter", submission.matter.raw)
            writer.member("title", submission.title)
            writer.key("applicant")
            submission.applicant.write(to: &writer)
            writer.key("materials")
            writer.array(of: submission.materials) { $1.write(to: &$0) }
            writer.key("fields")
            submission.fields.write(to: &writer)
            writer.member("channel", submission.channel)
            writer.member("receipt", receipt)
            assignment.write(to: &writer)
            writer.member("catalog_version", catalogVersion)
        case .accepted: break
        case .resumed(let kind): writer.optional("kind", kind?.rawValue)
        case .deemedAccepted(let effective): writer.member("effective", effective)
        case .correctionRequested(let missing, let note):
            writer.member("missing", missing.map(\.raw))
            writer.member("note", note)
        case .corrected(let materials, let note):
            writer.key("materials")
            writer.array(of: materials) { $1.write(to: &$0) }
            writer.member("note", note)
        case .declined(let ground, let competent):
            writer.member("ground", ground)
            writer.member("competent", competent)
        case .assigned(let person): writer.member("handler", person?.raw)
        case .suspended(let suspension):
            writer.key("suspension")
            suspension.write(to: &writer)
        case .extended(let clock, let by, let reason):
            writer.member("clock", clock.rawValue)
            writer.member("by", by.description)
            writer.member("reason", reason)
        case .recommended(let recommendation, let opinion, let handler):
            writer.member("recommendation", recommendation.rawValue)
            writer.member("opinion", opinion)
            writer.member("handler", handler.raw)
        case .returned(let reason), .withdrawn(let reason): writer.member("reason", reason)
        case .granted(let reasons), .refused(let reasons): writer.member("reasons", reasons)
        case .deemedGranted(let due), .lapsed(let due): writer.member("due", due)
        case .delivered(let how): writer.member("how", how)
        case .noted(let text): writer.member("text", text)
        case .escalated(let reason, let level):
            writer.member("reason", reason)
            writer.member("level", level)
        case .rungPassed(let passed):
            passed.clock.write(to: &writer)
            writer.member("generation", passed.generation)
            writer.member("rung", passed.rung)
            writer.member("level", passed.level)
            writer.member("addressees", passed.addressees.map(\.rawValue))
            writer.member("due", passed.due)
            writer.member("late", passed.isLate)
            if let order = passed.order {
                writer.key("order")
                writer.object {
                    $0.member("to", order.recipient.rawValue)
                    $0.member("due", order.due.description)
                    if let number = order.number { $0.member("number", number) }
                }
            }
        case .orderOpened(let number, let reason, let recipient, let due):
            if let number { writer.member("order", number) }
            writer.member("reason", reason)
            writer.member("to", recipient.rawValue)
            writer.member("due", due.description)
        case .orderAnswered(let number, let answer):
            writer.member("order", number)
            writer.member("answer", answer)
        case .orderClosed(let number, let finding):
            writer.member("order", number)
            writer.member("finding", finding)
        case .recused(let person, let reason):
            writer.member("person", person.raw)
            writer.member("reason", reason)
        case .inspected(let outcome, let finding, let draw):
            writer.member("outcome", outcome.rawValue)
            writer.member("finding", finding)
            writer.optional("draw", draw)
        case .read(let what): writer.member("method", what)
        case .rerouted(let assignment): assignment.write(to: &writer)
        case .reprojected(let version, let moves):
            writer.member("catalog_version", version)
            writer.key("moves")
            writer.array(of: moves) { $1.write(to: &$0) }
        }
    }

    init(name: String, stored data: JSONValue) throws(StoredFormFault) {
        switch name {
        case "submitted":
            self = .submitted(
                Submission(
                    matter: MatterID(try data.text("matter")), title: try data.text("title"),
                    applicant: try Applicant(stored: try data.object("applicant")),
                    materials: try storedList(try data.values("materials"), SubmittedMaterial.init(stored:)),
                    fields: try [Field](stored: try data.object("fields")), channel: try data.text("channel")),
                receipt: try data.text("receipt"), try Assignment(stored: data),
                catalogVersion: try data.count("catalog_version"))
        case "accepted": self = .accepted
        case "deemed-accepted": self = .deemedAccepted(effective: try data.instant("effective"))
        case "correction-requested":
            self = .correctionRequested(
                missing: try data.values("missing").compactMap(\.string).map { MaterialID($0) }, note: try data.text("note"))
        case "corrected":
            self = .corrected(
                materials: try storedList(try data.values("materials"), SubmittedMaterial.init(stored:)),
                note: try data.text("note"))
        case "declined": self = .declined(ground: try data.text("ground"), competent: data.optionalText("competent"))
        case "assigned": self = .assigned(data.optionalText("handler").map { PersonID($0) })
        case "suspended": self = .suspended(try Suspension(stored: try data.object("suspension")))
        case "resumed": self = .resumed(data.optionalText("kind").flatMap { Suspension.Kind(rawValue: $0) })
        case "extended":
            self = .extended(try data.word("clock"), by: try data.length("by"), reason: try data.text("reason"))
        case "recommended":
            self = .recommended(
                try data.word("recommendation"), opinion: try data.text("opinion"),
                handler: PersonID(try data.text("handler")))
        case "returned": self = .returned(reason: try data.text("reason"))
        case "granted": self = .granted(reasons: try data.text("reasons"))
        case "refused": self = .refused(reasons: try data.text("reasons"))
        case "deemed-granted": self = .deemedGranted(due: try data.instant("due"))
        case "withdrawn": self = .withdrawn(reason: try data.text("reason"))
        case "lapsed": self = .lapsed(due: try data.instant("due"))
        case "delivered": self = .delivered(how: try data.text("how"))
        case "noted": self = .noted(try data.text("text"))
        case "escalated": self = .escalated(reason: try data.text("reason"), level: try data.count("level"))
        case "rung-passed":
            self = .rungPassed(
                PassedRung(
                    clock: try ClockID(stored: data), generation: try data.count("generation"),
                    rung: try data.count("rung"), level: try data.count("level"),
                    addressees: try data.values("addressees").compactMap(\.string).compactMap(Addressee.init),
                    due: try data.instant("due"), isLate: data["late"]?.bool ?? false,
                    order: try data["order"].map { value throws(StoredFormFault) in
                        RungOrder(
                            recipient: try value.word("to"), due: try value.length("due"),
                            number: value["number"] == nil ? nil : try value.count("number"))
                    }))
        case "order-opened":
            self = .orderOpened(
                data["order"] == nil ? nil : try data.count("order"), reason: try data.text("reason"), to: try data.word("to"),
                due: try data.length("due"))
        case "order-answered": self = .orderAnswered(try data.count("order"), answer: try data.text("answer"))
        case "order-closed": self = .orderClosed(try data.count("order"), finding: try data.text("finding"))
        case "recused": self = .recused(PersonID(try data.text("person")), reason: try data.text("reason"))
        case "inspected":
            self = .inspected(try data.word("outcome"), finding: try data.text("finding"), draw: data.optionalText("draw"))
        case "read": self = .read(try data.text("method"))
        case "rerouted": self = .rerouted(try Assignment(stored: data))
        case "reprojected":
            self = .reprojected(
                version: try data.count("catalog_version"),
                moves: try storedList(try data.values("moves"), ClockMove.init(stored:)))
        default: throw StoredFormFault("event \(name)", nil)
        }
    }
}
