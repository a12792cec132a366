import CaseCore
import CaseStore
import HeapModule
import Logging
import WorkingTime

/// What the passing of time does to cases.
extension BatchBuilder {
    /// What the passing of time has done to a case by an instant, in order.
    mutating func passTime(_ file: inout CaseFile, _ terms: Terms, through instant: Instant) throws {
        while let deadline = file.nextDeadline(under: terms), deadline.at <= instant {
            try pass(deadline, on: &file, terms)
        }
    }

    private mutating func pass(_ deadline: Deadline, on file: inout CaseFile, _ terms: Terms) throws {
        lateness.record(now - deadline.at)
        guard var deeming = deadline.command as? any DeemingCommand else { return try act(deadline.command, by: .clock, on: &file, terms) }
        deeming.trust =
            context.time is ManualTime ? .manual : context.trustsMachineClock ? .always : state.hold == nil ? .own : .disputed
        try act(deeming, by: .clock, on: &file, terms)
    }

    /// Passes what fell due by an instant, the earliest first over all cases, up to about `limit` deadlines.
    ///
    /// - Parameters:
    ///   - instant: the present, or one before it.
    ///   - damaged: cases that are left out.
    /// - Returns: how many cases it could bring on, and which it could not: these are logged.
    mutating func sweep(through instant: Instant, limit: Int, except damaged: [CaseID: Instant]) throws -> (count: Int, failed: [CaseID]) {
        let ids = try snapshot.due(at: instant, limit: limit + damaged.count).filter { damaged[$0] == nil }.prefix(limit)
        try snapshot.foresee(Foreseen(cases: Array(ids)))
        var failed: [CaseID] = []
        func fail(_ id: CaseID, _ error: any Error) {
            // That the store was lost is no fault of the case, and whoever asked finds it out.
            if context.outage.note(error) == nil {
                context.log.entry(.caseDamaged, "a deadline cannot be passed", ["case": "\(id)", "fault": "\(error)"])
            }
            failed.append(id)
        }
        var waiting = Heap<Waiting>()
        var (count, last) = (0, instant)
        for id in ids {
            do {
                guard var file = try load(id) else { throw IncompleteStore(description: "\(id) has a deadline and no file") }
                let terms = try currentTerms(of: &file)
                count += 1
                if let next = file.nextDeadline(under: terms), next.at <= instant {
                    waiting.insert(Waiting(file, terms, next, order: count))
                    last = next.at
                } else {
                    // Its row is out of date: it is written anew.
                    touched.insert(id)
                }
            } catch {
                fail(id, error)
            }
        }
        // Cases beyond the limit come later, and so does whatever follows their deadlines.
        let end = ids.count < limit ? instant : last
        while let earliest = waiting.min, earliest.next.at <= end {
            waiting.removeMin()
            // A revocation that ended before it has told it so.
            if let file = files[earliest.file.id]?.file { earliest.file = file }
            do {
                try pass(earliest.next, on: &earliest.file, earliest.terms)
            } catch {
                fail(earliest.file.id, error)
                continue
            }
            if let next = earliest.file.nextDeadline(under: earliest.terms), next.at <= instant {
                earliest.next = next
                waiting.insert(earliest)
            }
        }
        return (count, failed)
    }

    /// A case whose deadlines pass one after the other, among others: the earliest first, of equal ones in the order of the store.
    private final class Waiting: Comparable {
        var file: CaseFile
        let terms: Terms
        var next: Deadline
        private let order: Int

        init(_ file: CaseFile, _ terms: Terms, _ next: Deadline, order: Int) {
            self.file = file
            self.terms = terms
            self.next = next
            self.order = order
        }

        static func < (a: Waiting, b: Waiting) -> Bool {
            (a.next.at, a.order) < (b.next.at, b.order)
        }

        static func == (a: Waiting, b: Waiting) -> Bool {
            a === b
        }
    }
}
