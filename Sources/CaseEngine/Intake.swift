import CaseCore
import CaseStore
import CaseWire
import WorkingTime

/// How much one who speaks may bring in, in all and for one case; `server.info` shows it.
package struct IntakeLimits: Sendable {
    /// Open cases of one who submitted them: of a service where one did, for whomever.
    package var openCases = 2_000_000
    /// Bytes of the journal in a day, by UTC, of one who gives commands: of a service where one does, for whomever.
    package var bytesPerDay: Int64 = 4 << 30
    /// And of one person, or of one service that speaks for nobody, for one case: nobody else who has to do with the case is kept back by it.
    package var caseBytesPerDay: Int64 = 8 << 20

    package init() {}

    package var described: [(name: String, value: Int)] {
        [
            ("open_cases_per_submitter", openCases), ("bytes_per_day", Int(bytesPerDay)), ("case_bytes_per_day", Int(caseBytesPerDay)),
        ]
    }
}

/// What came in of each who gives commands, on one day. What the store has of it is never less, and little more: it is written ahead, so that
/// not each commit writes it, and a process that ends counts on from there. In a store that others share nothing is written ahead: each turn of
/// theirs counts on from there as well.
struct Intake: Sendable, Equatable {
    private(set) var day: Int64 = 0
    private(set) var bytes: [String: Int64] = [:]
    /// What of it is durable.
    private(set) var reserved: [String: Int64] = [:]

    static let settingName = "intake"
    /// Written ahead, in bytes.
    private static let step: Int64 = 1 << 20

    static func == (a: Intake, b: Intake) -> Bool {
        a.day == b.day && a.reserved == b.reserved
    }

    static func day(of instant: Instant) -> Int64 {
        Int64(Zone.utc.day(of: instant).number)
    }

    /// In milliseconds from an instant.
    static func untilNextDay(_ instant: Instant) -> Int64 {
        Zone.utc.instant(on: Zone.utc.day(of: instant).advanced(by: 1), timeOfDay: 0) - instant
    }

    func bytes(of name: String, on day: Int64) -> Int64 {
        day == self.day ? bytes[name] ?? 0 : 0
    }

    mutating func add(_ count: Int64, of name: String, on day: Int64, isShared: Bool) {
        if day != self.day { (self.day, bytes, reserved) = (day, [:], [:]) }
        func added(_ sum: inout Int64) -> Int64 {
            sum += count
            return sum
        }
        let sum = added(&bytes[name, default: 0])
        if sum > reserved[name] ?? 0 { reserved[name] = isShared ? sum : (sum / Intake.step + 1) * Intake.step }
    }

    var setting: String {
        String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.member("day", day)
                    writer.key("bytes")
                    writer.object { writer in
                        for (name, count) in reserved.sorted(by: { $0.key < $1.key }) {
                            writer.key(name)
                            writer.integer(count)
                        }
                    }
                }
            }, as: UTF8.self)
    }

    init() {}

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let value = try? JSONReader.read(Array(setting.utf8)), let day = value["day"]?.integer, let members = value["bytes"]?.members
        else { return nil }
        self.day = day
        for member in members {
            guard let count = member.value.integer, count >= 0 else { return nil }
            reserved[member.name] = count
        }
        bytes = reserved
    }
}

/// What came in for cases today, of each who spoke: looked up in their journals once, and counted on from there. Those that were asked for lately
/// are remembered.
struct CaseIntake {
    private var day: Int64 = 0
    private var bytes: [CaseID: [String: Int64]] = [:]

    private static let limit = 4096

    /// Nil where nobody has looked it up.
    func known(_ id: CaseID, on day: Int64) -> [String: Int64]? {
        day == self.day ? bytes[id] : nil
    }

    mutating func note(_ counts: [String: Int64], of id: CaseID, on day: Int64) {
        if day != self.day || bytes.count >= CaseIntake.limit { (self.day, bytes) = (day, [:]) }
        bytes[id] = counts
    }

    mutating func add(_ count: Int64, of name: String, to id: CaseID, on day: Int64) {
        // What nobody has looked up is not touched: others hold the same.
        guard day == self.day, bytes[id] != nil else { return }
        bytes[id]![name, default: 0] += count
    }
}

extension BatchBuilder {
    /// Who pays for what a principal brings in.
    private func payer(_ principal: Principal) -> String {
        principal.via?.raw ?? principal.name
    }

    /// Refuses a command of which more would come in than may in a day.
    mutating func requireRoom(for asked: CommandRequest, by principal: Principal) throws {
        let (day, size) = (Intake.day(of: now), Int64(asked.byteCount))
        let name = payer(principal)
        guard state.intake.bytes(of: name, on: day) + size <= context.intakeLimits.bytesPerDay else {
            throw tooMuch("\(name) has brought in as much today as is allowed", limit: context.intakeLimits.bytesPerDay)
        }
        if asked.command is Submit {
            guard state.openCounts[name] ?? 0 < context.intakeLimits.openCases else {
                throw WireError(
                    .rateLimited, kind: "cases.too_many_open", "\(name) has \(context.intakeLimits.openCases) open cases",
                    details: .object([.init("limit", .integer(context.intakeLimits.openCases))]), hint: "wait until some of them are closed"
                )
            }
        }
        if let id = asked.file, size > 0 {
            guard try bytes(of: principal.name, for: id, on: day) + size <= context.intakeLimits.caseBytesPerDay else {
                throw tooMuch(
                    "\(principal.name) has brought in as much for \(id) today as is allowed", limit: context.intakeLimits.caseBytesPerDay)
            }
        }
    }

    private func tooMuch(_ message: String, limit: Int64) -> WireError {
        WireError(
            .rateLimited, kind: "intake.exceeded", message,
            details: .object([.init("retry_after_ms", .integer(Intake.untilNextDay(now))), .init("limit", .integer(limit))]),
            hint: "it goes on at midnight UTC, and with less at once; server.info.limits says how much is allowed")
    }

    /// A case that has fewer events has not taken in much, even where each byte that was given is recorded as six.
    private static let smallRevision = 16

    private mutating func bytes(of name: String, for id: CaseID, on day: Int64) throws -> Int64 {
        guard try load(id).map({ $0.revision >= BatchBuilder.smallRevision }) ?? false else { return 0 }
        if let known = caseIntake.known(id, on: day) { return known[name] ?? 0 }
        let start = Zone.utc.instant(on: Zone.utc.day(of: now), timeOfDay: 0)
        var counts: [String: Int64] = [:]
        func count(_ event: [UInt8]) throws { counts[try Event(canonicalBytes: event).by, default: 0] += Int64(event.count) }
        try snapshot.eachEvent(of: id, after: try snapshot.lastRevision(of: id, before: start)) { try count($0.event) }
        for row in batch.journal where row.id == id { try count(row.event.whole()) }
        caseIntake.note(counts, of: id, on: day)
        return counts[name] ?? 0
    }

    /// Counts what a command has added to the journal, behind so many rows of the batch.
    mutating func countIntake(behind count: Int, by principal: Principal) {
        let (day, rows) = (Intake.day(of: now), batch.journal.dropFirst(count))
        guard !rows.isEmpty else { return }
        state.intake.add(rows.reduce(0) { $0 + Int64($1.event.byteCount) }, of: payer(principal), on: day, isShared: context.store.isShared)
        for row in rows { caseIntake.add(Int64(row.event.byteCount), of: principal.name, to: row.id, on: day) }
    }
}
