import CaseCore
import CaseTesting
import CaseWire
import Testing
import WorkingTime

@Suite("Events and cases as stored")
struct StoredFormTests {
    static let clock = Clock(
        kind: .decision, generation: 2,
        ledger: Ledger(meter: .workingDays, budget: 30, segments: [.init(from: 20_491, to: 20_500, consumed: 7)], runningFrom: 20_510),
        originalDue: Instant("2026-03-12T16:00:00Z")!, passedRungCount: 1, level: 2, isExtended: true, endedAt: nil)

    static let suspension = Suspension(
        kind: .expertReview, basis: "第四十五条", expected: Length(15, .workingDays), note: "", since: Instant("2026-02-12T01:00:00Z")!)

    static let assignment = Assignment(office: "permits", leader: "leader", commissioner: "commissioner")

    static let changes: [Change] = [
        .submitted(
            Submission(
                matter: "permit", title: "\u{1B}[31m\"仓库\" 7", applicant: Applicant(id: "91", name: "石墨园"),
                materials: [SubmittedMaterial(id: "form"), SubmittedMaterial(id: "plan", sha256: "ab", uri: "file:///x")],
                fields: [Field(name: "面积", value: "1200"), Field(name: "a", value: "")], channel: "window"),
            receipt: "7QK2-M9XD-4RTA", assignment, catalogVersion: 3),
        .accepted, .deemedAccepted(effective: Instant("2026-02-10T02:00:00Z")!),
        .correctionRequested(missing: ["form"], note: "x"), .corrected(materials: [SubmittedMaterial(id: "form")], note: ""),
        .declined(ground: "not ours", competent: nil), .declined(ground: "not ours", competent: "them"), .assigned("otto"),
        .assigned(nil), .suspended(suspension), .resumed, .extended(.decision, by: Length(10, .workingDays), reason: "complex"),
        .recommended(.refuse, opinion: "no", handler: "otto"), .returned(reason: "more"), .granted(reasons: ""),
        .refused(reasons: "no"), .deemedGranted(due: Instant("2026-03-02T16:00:00Z")!), .withdrawn(reason: ""),
        .lapsed(due: Instant("2026-03-12T16:00:00Z")!), .delivered(how: "post"), .noted("seen"), .escalated(reason: "slow", level: 2),
        .rungPassed(
            PassedRung(
                clock: .promise, generation: 1, rung: 0, level: 1, addressees: [.handler, .departmentHead],
                due: Instant("2026-03-02T16:00:00Z")!, isLate: true)),
        .orderOpened(reason: "slow", due: Length(180, .workingMinutes)), .orderAnswered(answer: "on it"), .orderClosed(finding: "done"),
        .rerouted(assignment),
    ]

    @Test("Every event comes back from its canonical bytes, which are one line and always the same", arguments: changes)
    func events(change: Change) throws {
        let event = Event(
            file: CaseID(17), revision: 4, at: Instant("2026-02-12T01:00:00.250Z")!, by: "otto", via: "hall", change: change,
            clocks: [Self.clock])
        let bytes = event.canonicalBytes
        #expect(!bytes.contains(UInt8(ascii: "\n")))
        let again = try Event(canonicalBytes: bytes)
        #expect(again == event)
        #expect(again.canonicalBytes == bytes)
    }

    @Test("Every kind of event is among them")
    func complete() {
        #expect(Set(Self.changes.map(\.name)).count == 25)
    }

    @Test("A case comes back from its stored bytes")
    func cases() throws {
        let file = CaseFile(
            id: CaseID(17), receipt: "R", matter: "permit", title: "t", applicant: Applicant(id: "a", name: "n"), channel: "online",
            fields: [Field(name: "x", value: "y")], submittedBy: "hall", submittedVia: "hall",
            submittedAt: Instant("2026-02-06T01:00:00Z")!, catalogVersion: 3, revision: 5, state: .withLeader,
            assignment: Self.assignment, handler: "otto", materials: [SubmittedMaterial(id: "form")], noticedItems: ["form"],
            receivedAt: Instant("2026-02-07T01:00:00Z")!, suspension: Self.suspension, recommendation: .grant, escalation: 2,
            order: .init(reason: "slow", answer: "on it"), clocks: [Self.clock], closedAt: nil, deliveredAt: nil)
        #expect(try CaseFile(storedBytes: file.storedBytes) == file)
    }
}
