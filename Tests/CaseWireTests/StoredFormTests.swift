import CaseCore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@Suite("Events and cases as stored")
struct StoredFormTests {
    static let clock = Clock(
        id: ClockID(.decision), generation: 2,
        ledger: Ledger(
            meter: .workingDays, budget: 30,
            segments: [.init(from: 20_491, to: 20_500, consumed: 7, extendedSince: 10), .init(from: 20_502, to: 20_503, consumed: 1)],
            runningFrom: 20_510),
        originalDue: Instant("2026-03-12T16:00:00Z")!, passedRungs: [0, 2], level: 2, isExtended: true, raised: 3,
        hasExpiredIncomplete: true, pausedPromises: [PausedPromise(version: 3, left: 12)], endedAt: nil)

    static let suspension = Suspension(
        kind: .expertReview, basis: "第四十五条", expected: Length(15, .workingDays), note: "", since: Instant("2026-02-12T01:00:00Z")!)

    static let assignment = Assignment(office: "permits", leader: "leader", commissioner: "commissioner")

    static let changes: [any Change] = [
        Submitted(
            Submission(
                matter: "permit", title: "\u{1B}[31m\"仓库\" 7", applicant: Applicant(id: "91", name: "石墨园"),
                fields: ["面积": "1200", "a": ""], channel: "window"),
            materials: [SubmittedMaterial(id: "form"), SubmittedMaterial(id: "plan", sha256: "ab", uri: "file:///x")],
            receipt: "7QK2-M9XD-4RTA", assignment: assignment, catalogVersion: 3),
        Submitted(
            Submission(
                matter: "survey", title: "t", applicant: Applicant(id: "a", name: "n"), fields: [:], channel: "online", area: "north"),
            materials: [], receipt: "7QK2-M9XD-4RTA", assignment: assignment, catalogVersion: 3, handler: "otto"),
        Examined("site", .defective, finding: "a wall is missing"), FeeSettled("charge", .paid, reference: "R-1", reason: ""),
        FeeSettled("charge", .waived, reference: "", reason: "hardship"), Accepted(),
        DeemedAccepted(effective: Instant("2026-02-10T02:00:00Z")!),
        CorrectionRequested(missing: ["form"], note: "x"), Corrected(materials: [SubmittedMaterial(id: "form")], note: ""),
        Declined(ground: "not ours", competent: nil), Declined(ground: "not ours", competent: "them"), Assigned("otto"),
        Assigned(nil), Suspended(suspension), Resumed(.hearing), Resumed(nil),
        Extended(.decision, by: Length(10, .workingDays), reason: "complex"),
        Recommended(.refuse, opinion: "no", handler: "otto"), Returned(reason: "more"), Granted(reasons: ""),
        Refused(reasons: "no"), DeemedGranted(due: Instant("2026-03-02T16:00:00Z")!), Withdrawn(reason: ""),
        Lapsed(due: Instant("2026-03-12T16:00:00Z")!), Delivered(how: "post"), Noted("seen"), Escalated(reason: "slow", level: 2),
        RungPassed(
            clock: ClockID(.suspension, of: .appraisal), generation: 1, rung: 0, level: 1, addressees: [.handler, .departmentHead],
            due: Instant("2026-03-02T16:00:00Z")!, isLate: true,
            order: RungOrder(recipient: .leader, due: Length(3, .workingDays))),
        OrderOpened(reason: "slow", to: .officeHead, due: Length(180, .workingMinutes)), OrderAnswered(2, answer: "on it"),
        OrderClosed(2, finding: "done"),
        Recused("otto", reason: "kin"), Rerouted(assignment),
        Recalculated(
            version: 4,
            moves: [
                ClockMove(
                    clock: ClockID(.decision), from: Instant("2026-03-02T16:00:00Z")!, to: Instant("2026-03-03T16:00:00Z")!,
                    isKept: false, isFirm: true),
                ClockMove(clock: ClockID(.intake), from: nil, to: nil, isKept: true, isFirm: false),
            ]),
    ]

    @Test("Every event comes back from its canonical bytes, which are one line and always the same", arguments: changes)
    func events(change: any Change) throws {
        let event = Event(
            file: CaseID(17), revision: 4, at: Instant("2026-02-12T01:00:00.250Z")!, by: "otto", via: "hall", instead: "lena",
            change: change,
            clocks: [Self.clock])
        let bytes = event.canonicalBytes
        #expect(!bytes.contains(UInt8(ascii: "\n")))
        let again = try Event(canonicalBytes: bytes)
        #expect(again == event)
        #expect(again.canonicalBytes == bytes)
    }

    @Test(
        "Every kind of event comes back from what its members describe, with all that may be missing and without",
        arguments: Commands.all.map { $0.recorded.name }, [true, false])
    func everyKind(name: String, isWhole: Bool) throws {
        let kind = try #require(Commands.change(named: name))
        let written = kind.shape.example(isWhole: isWhole)
        let change = try kind.init(from: written)
        #expect(JSONWriter.bytes { $0.value(change) } == JSONWriter.bytes { $0.value(written) })
    }

    @Test("A case comes back from what its members describe, with all that may be missing and without", arguments: [true, false])
    func everyMember(isWhole: Bool) throws {
        var written = CaseFile.shape.example(isWhole: isWhole).members!
        // A clock's account is more than its members: they have to fit. The one suspension of old is not written any more.
        written.removeAll { ["clocks", "suspension"].contains($0.name) }
        written.append(.init("clocks", [try JSONReader.read(JSONWriter.bytes { $0.value(Self.clock) })]))
        let file = try CaseFile(from: .object(written))
        let again = try JSONReader.read(JSONWriter.bytes { $0.value(file) })
        #expect(Set(again.members!.map(\.name)) == Set(written.map(\.name)))
        for member in written { #expect(again[member.name] == member.value, "\(member.name)") }
    }

    @Test("A case comes back from its stored bytes")
    func cases() throws {
        let submission = Submission(
            matter: "permit", title: "t", applicant: Applicant(id: "a", name: "n"), fields: ["x": "y"], channel: "online")
        let file = CaseFile(
            id: CaseID(17),
            origin: CaseFile.Origin(
                receipt: "R", submission: submission, by: "hall", via: "hall", at: Instant("2026-02-06T01:00:00Z")!, catalogVersion: 3),
            progress: CaseFile.Progress(
                revision: 5, state: .withLeader, assignment: Self.assignment, materials: [SubmittedMaterial(id: "form")],
                noticedItems: ["form"], receivedAt: Instant("2026-02-07T01:00:00Z")!, recommendation: .grant, escalation: 2,
                closedAt: nil, deliveredAt: nil, decidedBy: nil),
            timing: CaseFile.Timing(
                clocks: [Self.clock], version: 4, suspensions: [Self.suspension],
                extension: .init(by: Length(10, .workingDays), reason: "复杂", at: Instant("2026-02-08T01:00:00Z")!)),
            participants: CaseFile.Participants(
                handler: "otto", recused: ["hana"],
                involved: Dictionary(
                    uniqueKeysWithValues: Involvement.allCases.map { ($0, [Participant(named: "otto"), Participant(user: 1000)]) })),
            orders: [
                SupervisionOrder(
                    number: 1, recipient: .handler, reason: "slow", due: Length(3, .workingDays), openedBy: "cora",
                    openedAt: Instant("2026-02-07T01:00:00Z")!, asked: ["otto"], answer: "on it", finding: "done")
            ], inspections: [])
        #expect(try CaseFile(storedBytes: file.storedBytes) == file)
    }

    @Test("What an older version wrote is still read: one suspension, and how many rungs have passed")
    func olderForms() throws {
        var file = try CaseFile(
            storedBytes: Array(
                """
                {"case":"C-1","receipt":"R","matter":"permit","title":"t","applicant":{"id":"a","name":"n"},"channel":"online","fields":{},
                "submitted_by":"hall","submitted_at":"2026-02-06T01:00:00Z","catalog_version":3,"revision":2,"state":"in-review",
                "office":"permits","leader":"leader","commissioner":"commissioner","materials":[],"received_at":"2026-02-06T01:00:00Z",
                "suspension":{"kind":"hearing","basis":"Art. 46","expected":"5 working-days","note":"","since":"2026-02-07T01:00:00Z"},
                "escalation":0,"clocks":[{"clock":"decision","generation":1,"meter":"working-days","budget":20,"segments":[],
                "running_from":20491,"original_due":"2026-03-12T16:00:00Z","rungs":2,"level":1}]}
                """.replacing("\n", with: "").utf8))
        #expect(file.suspensions.map(\.kind) == [.hearing] && file.clocks[0].passedRungs == [0, 1] && file.timing.version == 3)
        let event = try Event(
            canonicalBytes: Array(
                #"{"case":"C-1","revision":3,"at":"2026-02-09T01:00:00Z","event":"resumed","by":"otto","via":null,"data":{},"clocks":[]}"#
                    .utf8))
        file.apply(event)
        #expect(!file.isSuspended)
    }
}
