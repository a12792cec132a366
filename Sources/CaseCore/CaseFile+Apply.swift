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
            escalation: 0, order: nil, clocks: event.clocks,
            clockVersion: catalogVersion, extension: nil, closedAt: nil, deliveredAt: nil)
    }

    /// Takes in what was recorded.
    ///
    /// - Precondition: the event is the next one of this case.
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
        take(event.change, at: event.at)
        if !state.isOpen {
            suspensions = []
            closedAt = closedAt ?? event.at
        }
    }

    private mutating func take(_ change: Change, at instant: Instant) {
        switch change {
        case .submitted: preconditionFailure("\(id) was submitted twice")
        case .accepted, .deemedAccepted: state = .inReview
        case .correctionRequested(let missing, _):
            state = .correction
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
        case .returned:
            state = .inReview
            recommendation = nil
        case .granted: state = .granted
        case .refused: state = .refused
        case .deemedGranted: state = .deemedGranted
        case .withdrawn: state = .withdrawn
        case .lapsed: state = .lapsed
        case .delivered: deliveredAt = instant
        case .escalated(_, let level): escalation = level
        case .rungPassed(let passed): escalation = max(escalation, passed.level)
        case .orderOpened(let reason, _): order = Order(reason: reason, answer: nil)
        case .orderAnswered(let answer): order?.answer = answer
        case .orderClosed: order = nil
        case .recused(let person, _):
            recused.insert(person)
            if handler == person { handler = nil }
        case .rerouted(let assignment): self.assignment = assignment
        case .reprojected(let version, _): clockVersion = version
        case .extended(_, let by, let reason): extension_ = Extension(by: by, reason: reason, at: instant)
        case .noted: break
        }
    }
}
