import CaseCore
import CaseStore
import CaseWire
import WorkingTime

extension Reader {
    /// How the promises were kept, a row for each office, or for what is asked.
    func slaReport(_ parameters: Parameters) throws -> [UInt8] {
        let (from, to) = (parameters.instant("from"), parameters.instant("to"))
        if let from, let to, from > to { throw WireError.parameter("to", "is before from", hint: "swap them") }
        let by = parameters.text("by") ?? "office"
        let now = context.time.now
        let tallies = try context.store.read {
            // A department has exactly the cases of its offices.
            try $0.tally(by: TallyKey(rawValue: by) ?? .office, from: from, to: to, now: now)
        }
        let offices = context.catalogs.newest.offices
        let groups = Dictionary(grouping: tallies) { tally in
            by == "department" ? offices[OfficeID(tally.key)]?.department.raw ?? "none" : tally.key
        }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("by", by)
                writer.member("from", from)
                writer.member("to", to)
                writer.member("at", now)
                writer.key("rows")
                writer.array(of: groups.sorted { $0.key < $1.key }) { writer, group in
                    write(ReportRow(group.value), named: group.key, to: &writer)
                }
                writer.key("total")
                write(ReportRow(tallies), named: "total", to: &writer)
            }
        }
    }

    private func write(_ row: ReportRow, named name: String, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("received", row.received)
            writer.member("open", row.open)
            writer.member("overdue", row.overdue)
            writer.member("provisional", row.provisional)
            writer.member("decided", row.decided)
            writer.member("granted", row.granted)
            writer.member("refused", row.refused)
            writer.member("deemed_granted", row.deemedGranted)
            writer.member("closed_otherwise", row.closedOtherwise)
            writer.member("in_time", row.inTime)
            writer.member("promise_missed", row.promiseMissed)
            writer.member("late", row.late)
        }
    }
}

/// Received and closed count within the period, open and overdue as of now.
private struct ReportRow {
    private(set) var received = 0
    private(set) var open = 0
    private(set) var overdue = 0
    private(set) var provisional = 0
    private(set) var granted = 0
    private(set) var refused = 0
    private(set) var deemedGranted = 0
    private(set) var closedOtherwise = 0
    private(set) var inTime = 0
    private(set) var promiseMissed = 0
    private(set) var late = 0

    var decided: Int {
        granted + refused + deemedGranted
    }

    init(_ tallies: [Tally]) {
        for tally in tallies {
            received += tally.submittedInPeriod
            overdue += tally.overdue
            provisional += tally.provisional
            if tally.state.isOpen { open += tally.count }
            let closed = tally.closedInPeriod
            switch tally.state {
            case .granted: granted += closed
            case .refused: refused += closed
            case .deemedGranted: deemedGranted += closed
            case .notAccepted, .withdrawn, .lapsed: closedOtherwise += closed
            case .submitted, .correction, .inReview, .withLeader: break
            }
            switch tally.timeliness {
            case .inTime?: inTime += closed
            case .promiseMissed?: promiseMissed += closed
            case .late?: late += closed
            case nil: break
            }
        }
    }
}
