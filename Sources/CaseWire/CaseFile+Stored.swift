import CaseCore
import WorkingTime

/// The form in which the store keeps the fold of a case's events, so that a command need not read them all.
extension CaseFile {
    package var storedBytes: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("case", id.description)
                writer.member("receipt", receipt)
                writer.member("matter", matter.raw)
                writer.member("title", title)
                writer.key("applicant")
                applicant.write(to: &writer)
                writer.member("channel", channel)
                writer.key("fields")
                fields.write(to: &writer)
                writer.member("submitted_by", submittedBy)
                writer.optional("submitted_via", submittedVia?.raw)
                writer.member("submitted_at", submittedAt)
                writer.member("catalog_version", catalogVersion)
                writer.member("revision", revision)
                writer.member("state", state.rawValue)
                assignment.write(to: &writer)
                writer.optional("handler", handler?.raw)
                if !recused.isEmpty { writer.member("recused", recused.map(\.raw).sorted()) }
                writer.member("examiners", examiners.map(\.raw).sorted())
                writer.key("materials")
                writer.array(of: materials) { $1.write(to: &$0) }
                if let noticedItems { writer.member("noticed", noticedItems.map(\.raw)) }
                writer.member("received_at", receivedAt)
                if isSuspended {
                    writer.key("suspensions")
                    writer.array(of: suspensions) { $1.write(to: &$0) }
                }
                writer.optional("recommendation", recommendation?.rawValue)
                writer.member("escalation", escalation)
                if !orders.isEmpty {
                    writer.key("orders")
                    writer.array(of: orders) { $1.write(to: &$0) }
                }
                writer.key("clocks")
                writer.array(of: clocks) { $1.write(to: &$0) }
                if clockVersion != catalogVersion { writer.member("clock_version", clockVersion) }
                if let extension_ {
                    writer.key("extension")
                    extension_.write(to: &writer)
                }
                writer.optional("closed_at", closedAt)
                writer.optional("delivered_at", deliveredAt)
                writer.optional("decided_by", decidedBy)
                if !inspections.isEmpty {
                    writer.key("inspections")
                    writer.array(of: inspections) { $1.write(to: &$0) }
                }
            }
        }
    }

    package init(storedBytes bytes: some Collection<UInt8>) throws {
        self = try CaseFile.stored(bytes).file
    }

    /// A case as it is stored, by its first event where that is all, and whether that is all of it: older versions did not keep
    /// who examined a case, nor who decided it, which its journal says.
    package static func stored(_ bytes: some Collection<UInt8>) throws -> (file: CaseFile, isWhole: Bool) {
        let value = try JSONReader.read(bytes)
        if value["event"] != nil {
            guard let file = CaseFile(try Event(stored: value)) else { throw StoredFormFault("the first event", value["event"]) }
            return (file, true)
        }
        return (try CaseFile(stored: value), value["examiners"] != nil)
    }

    private init(stored value: JSONValue) throws {
        guard let id = CaseID(try value.text("case")) else { throw StoredFormFault("case", value["case"]) }
        self.init(
            id: id, receipt: try value.text("receipt"), matter: MatterID(try value.text("matter")),
            title: try value.text("title"), applicant: try Applicant(stored: try value.object("applicant")),
            channel: try value.text("channel"), fields: try Fields(stored: try value.object("fields")),
            submittedBy: try value.text("submitted_by"),
            submittedVia: value.optionalText("submitted_via").map { ServiceID($0) },
            submittedAt: try value.instant("submitted_at"), catalogVersion: try value.count("catalog_version"),
            revision: try value.count("revision"), state: try value.word("state"),
            assignment: try Assignment(stored: value), handler: value.optionalText("handler").map { PersonID($0) },
            recused: Set((value["recused"]?.array ?? []).compactMap(\.string).map { PersonID($0) }),
            examiners: Set((value["examiners"]?.array ?? []).compactMap(\.string).map { PersonID($0) }),
            materials: try storedList(try value.values("materials"), SubmittedMaterial.init(stored:)),
            noticedItems: value["noticed"]?.array.map { $0.compactMap(\.string).map { MaterialID($0) } },
            receivedAt: try value.instant("received_at"),
            suspensions: try storedList(
                value["suspensions"]?.array ?? value["suspension"].map { [$0] } ?? [], Suspension.init(stored:)),
            recommendation: value.optionalText("recommendation").flatMap { Recommendation(rawValue: $0) },
            escalation: try value.count("escalation"),
            orders: try storedList(value["orders"]?.array ?? [], SupervisionOrder.init(stored:)),
            clocks: try storedList(try value.values("clocks"), Clock.init(stored:)),
            clockVersion: try value["clock_version"] == nil ? value.count("catalog_version") : value.count("clock_version"),
            extension: try value["extension"].map { try Extension(stored: $0) },
            closedAt: value.optionalInstant("closed_at"), deliveredAt: value.optionalInstant("delivered_at"),
            decidedBy: value.optionalText("decided_by"),
            inspections: try storedList(value["inspections"]?.array ?? [], Inspection.init(stored:)))
    }
}

extension CaseFile.Extension {
    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("by", by.description)
            $0.member("reason", reason)
            $0.member("at", at)
        }
    }

    init(stored value: JSONValue) throws(StoredFormFault) {
        self.init(by: try value.length("by"), reason: try value.text("reason"), at: try value.instant("at"))
    }
}

extension SupervisionOrder {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("number", number)
            writer.member("to", recipient.rawValue)
            writer.member("reason", reason)
            writer.member("due", due.description)
            writer.member("by", openedBy)
            writer.member("at", openedAt)
            writer.optional("answer", answer)
            writer.optional("finding", finding)
        }
    }

    init(stored value: JSONValue) throws(StoredFormFault) {
        self.init(
            number: try value.count("number"), recipient: try value.word("to"), reason: try value.text("reason"),
            due: try value.length("due"), openedBy: try value.text("by"), openedAt: try value.instant("at"),
            answer: value.optionalText("answer"), finding: value.optionalText("finding"))
    }
}
