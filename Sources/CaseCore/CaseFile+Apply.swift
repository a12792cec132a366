import WorkingTime

extension CaseFile {
    /// The case that a first event makes; nil where it is not a submission.
    package init?(_ event: Event) {
        guard case .submitted(let submission, let receipt, let assignment, let catalogVersion) = event.change else { return nil }
        self.init(
            id: event.file, receipt: receipt, matter: submission.matter, title: submission.title,
            applicant: submission.applicant, channel: submission.channel, fields: submission.fields,
            submittedBy: event.by, submittedVia: event.via, submittedAt: event.at, catalogVersion: catalogVersion,
            revision: event.revision, state: .submitted, assignment: assignment, handler: nil,
            materials: submission.materials, noticedItems: nil, receivedAt: event.at, suspensions: [], recommendation: nil,
            escalation: 0, orders: [], clocks: event.clocks,
            clockVersion: catalogVersion, extension: nil, closedAt: nil, deliveredAt: nil)
    }

    /// Whether an event can be the next one of this case. A journal that was damaged can hold others.
    package func isNext(_ event: Event) -> Bool {
        guard event.file == id, event.revision == revision + 1 else { return false }
        switch event.change {
        case .submitted: return false
        case .orderAnswered(let number, _), .orderClosed(let number, _): return orders.contains { $0.number == number }
        case .accepted, .deemedAccepted, .correctionRequested, .corrected, .declined, .assigned, .suspended, .resumed, .extended,
            .recommended, .returned, .granted, .refused, .deemedGranted, .withdrawn, .lapsed, .delivered, .noted, .escalated, .rungPassed,
            .orderOpened, .recused, .inspected, .read, .rerouted, .reprojected:
            return true
        }
    }

    /// Takes in what was recorded.
    ///
    /// - Precondition: `isNext(event)`.
    package mutating func apply(_ event: Event) {
        precondition(
            event.file == id && event.revision == revision + 1,
            "event \(event.revision) of \(event.file) cannot follow revision \(revision) of \(id)")
        revision = event.revision
        for clock in event.clocks {
            if let place = clocks.firstIndex(where: { $0.id == clock.id }) {
                clocks[place] = clock
            } else {
                clocks.append(clock)
            }
        }
        take(event.change, by: event.by, at: event.at)
        if !state.isOpen {
            suspensions = []
            closedAt = closedAt ?? event.at
        }
    }

    private mutating func open(
        _ number: Int?, _ reason: String, _ recipient: SupervisionOrder.Recipient, _ due: Length, by author: String, at instant: Instant
    ) {
        orders.append(
            SupervisionOrder(
                number: number ?? nextOrderNumber, recipient: recipient, reason: reason, due: due, openedBy: author, openedAt: instant))
    }

    private mutating func update(_ number: Int, _ body: (inout SupervisionOrder) -> Void) {
        guard let place = orders.firstIndex(where: { $0.number == number }) else { preconditionFailure("\(id) has no order \(number)") }
        body(&orders[place])
    }

    private mutating func take(_ change: Change, by author: String, at instant: Instant) {
        switch change {
        case .submitted: preconditionFailure("\(id) was submitted twice")
        case .accepted:
            state = .inReview
            examiners.insert(PersonID(author))
        case .deemedAccepted: state = .inReview
        case .correctionRequested(let missing, _):
            state = .correction
            examiners.insert(PersonID(author))
            noticedItems = noticedItems ?? missing
            materials.removeAll { missing.contains($0.id) }
        case .corrected(let added, _):
            materials.removeAll { old in added.contains { $0.id == old.id } }
            materials += added
            if state == .correction {
                state = .submitted
                receivedAt = instant
            }
        case .declined: state = .notAccepted
        case .assigned(let person): handler = person
        case .suspended(let suspension): suspensions.append(suspension)
        case .resumed(let kind): suspensions.removeAll { kind == nil || $0.kind == kind }
        case .recommended(let recommendation, _, let handler):
            state = .withLeader
            self.recommendation = recommendation
            self.handler = handler
            examiners.insert(handler)
        case .returned:
            state = .inReview
            recommendation = nil
        case .granted:
            state = .granted
            decidedBy = author
        case .refused:
            state = .refused
            decidedBy = author
        case .deemedGranted: state = .deemedGranted
        case .withdrawn: state = .withdrawn
        case .lapsed: state = .lapsed
        case .delivered: deliveredAt = instant
        case .escalated(_, let level): escalation = level
        case .rungPassed(let passed):
            escalation = max(escalation, passed.level)
            if let order = passed.order {
                open(order.number, "\(passed.clock.kind.rawValue) clock", order.recipient, order.due, by: author, at: instant)
            }
        case .orderOpened(let number, let reason, let recipient, let due): open(number, reason, recipient, due, by: author, at: instant)
        case .orderAnswered(let number, let answer): update(number) { $0.answer = answer }
        case .orderClosed(let number, let finding): update(number) { $0.finding = finding }
        case .recused(let person, _):
            recused.insert(person)
            if handler == person { handler = nil }
        case .rerouted(let assignment): self.assignment = assignment
        case .reprojected(let version, _): clockVersion = version
        case .extended(_, let by, let reason): extension_ = Extension(by: by, reason: reason, at: instant)
        case .inspected(let outcome, let finding, let draw):
            inspections.append(Inspection(outcome: outcome, finding: finding, draw: draw, by: author, at: instant))
        case .noted, .read: break
        }
    }
}
