import CaseCore
import WorkingTime

/// The case object of the wire: the file as it stands, with its clocks projected to an instant.
extension CaseFile {
    package func writeObject(to writer: inout JSONWriter, under terms: Terms, at now: Instant) {
        writer.object { writer in
            writer.member("case", id.description)
            writer.member("receipt", receipt)
            writer.member("matter", matter.raw)
            writer.member("title", title)
            writer.member("channel", channel)
            writer.key("applicant")
            applicant.write(to: &writer)
            writer.key("materials")
            writer.array(of: materials) { $1.write(to: &$0) }
            writer.key("fields")
            fields.write(to: &writer)
            writer.member("state", state.rawValue)
            writer.member("revision", revision)
            assignment.write(to: &writer)
            writer.member("handler", handler?.raw)
            writer.member("recused", recused.map(\.raw).sorted())
            writer.member("submitted_at", submittedAt)
            writer.member("closed_at", closedAt)
            writer.member("delivered_at", deliveredAt)
            writer.member("decided_by", decidedBy)
            writer.key("suspended")
            if let first = suspensions.first { first.write(to: &writer) } else { writer.null() }
            writer.key("suspensions")
            writer.array(of: suspensions) { $1.write(to: &$0) }
            writer.key("extension")
            if let extension_ { extension_.write(to: &writer) } else { writer.null() }
            writer.member("light", light(at: now, under: terms).rawValue)
            writer.member("escalation", escalation)
            writer.member("recommendation", recommendation?.rawValue)
            writer.member("timeliness", timeliness(under: terms)?.rawValue)
            writer.member("catalog_version", catalogVersion)
            writer.member("clock_version", clockVersion)
            writer.member("provisional", isProvisional(under: terms))
            writer.key("orders")
            writer.array(of: orders) { writeObject($1, to: &$0, under: terms) }
            writer.key("inspections")
            writer.array(of: inspections) { $1.write(to: &$0) }
            writer.key("clocks")
            writer.array(of: clocks) { $1.writeObject(to: &$0, on: terms.calendar, at: now) }
        }
    }

    /// One order, with the instant by which it is to be answered.
    package func writeObject(_ order: SupervisionOrder, to writer: inout JSONWriter, under terms: Terms) {
        let clock = order.isOpen ? liveClock(.order) : nil
        writer.object { writer in
            writer.member("order", OrderID(id, order.number).description)
            writer.member("case", id.description)
            writer.member("state", order.finding != nil ? "closed" : order.answer != nil ? "answered" : "open")
            writer.member("to", order.recipient.rawValue)
            writer.member("reason", order.reason)
            writer.member("by", order.openedBy)
            writer.member("at", order.openedAt)
            writer.member("length", order.due.description)
            writer.member("due", clock?.ledger.due(on: terms.calendar))
            writer.member("answer", order.answer)
            writer.member("finding", order.finding)
        }
    }

    /// What a public status look-up shows: where the file is, why it takes longer (Art. 42), and nothing about persons.
    package func writeStatus(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("receipt", receipt)
            writer.member("matter", matter.raw)
            writer.member("state", state.rawValue)
            writer.member("office", assignment.office.raw)
            writer.member("submitted_at", submittedAt)
            writer.member("closed_at", closedAt)
            writer.key("extension")
            if let extension_ { extension_.write(to: &writer) } else { writer.null() }
        }
    }
}

extension Clock {
    /// Amounts in days, or in whole minutes.
    fileprivate func writeObject(to writer: inout JSONWriter, on calendar: WorkingCalendar, at now: Instant) {
        let unit = ledger.meter.quantaPerUnit
        let consumed = ledger.consumed(at: endedAt ?? now, on: calendar) / unit
        let due = ledger.due(on: calendar)
        writer.object { writer in
            id.write(to: &writer)
            writer.member("unit", ledger.meter.rawValue)
            writer.member("budget", ledger.budget / unit)
            writer.member("consumed", consumed)
            writer.member("left", ledger.budget / unit - consumed)
            writer.member("paused", isLive && ledger.isPaused)
            writer.member("due", isLive ? due : nil)
            writer.member("original_due", originalDue)
            writer.member("provisional", isLive && due.map { calendar.isProvisional($0) } ?? false)
            writer.member("overdue", isOverdue(at: now, on: calendar))
            writer.member("generation", generation)
            writer.member("ended_at", endedAt)
        }
    }
}
