import CasePages
import CaseWire
import Catalogue
import WorkingTime

/// What the daemon publishes: the duty list and the figures. Each is asked for anew where the catalogue has another version or a minute of the
/// daemon's clock has passed, since whoever acts for a post changes with the day and with a second word.
struct Published: Sendable {
    private let daemon: DaemonPool
    private let lists = Remembered<JSONValue>()
    private let reports = Remembered<Figures>()

    init(_ daemon: DaemonPool) {
        self.daemon = daemon
    }

    /// The figures of all cases, and of twelve months.
    struct Figures: Sendable {
        let result: JSONValue
        let months: [(first: Day, total: JSONValue)]
    }

    /// What `server.info` says now.
    func info() async throws(DaemonTrouble) -> JSONValue {
        try await daemon.read(.serverInfo)
    }

    func list(_ info: JSONValue) async throws(DaemonTrouble) -> JSONValue {
        try await lists.value(Published.key(info)) { () async throws(DaemonTrouble) in try await daemon.read(.catalogDutyList) }
    }

    /// The list as it is now, or, while cased does not answer, as it was last.
    func latestList() async throws(DaemonTrouble) -> JSONValue {
        do throws(DaemonTrouble) {
            return try await list(try await info())
        } catch {
            guard let last = lists.last else { throw error }
            return last
        }
    }

    func figures(_ info: JSONValue) async throws(DaemonTrouble) -> Figures {
        try await reports.value(Published.key(info)) { () async throws(DaemonTrouble) in
            let result = try await daemon.read(.slaReport, [.init("by", .string("office"))])
            var months: [(first: Day, total: JSONValue)] = []
            for month in ReportMonths.periods(of: result) {
                let figures = try await daemon.read(
                    .slaReport, [.init("from", .string(month.first.description)), .init("to", .string(month.next.description))])
                months.append((month.first, figures["total"] ?? .null))
            }
            return Figures(result: result, months: months)
        }
    }

    private static func key(_ info: JSONValue) -> String {
        "\(info.cell("catalog_version") ?? "") \(info.cell("now")?.prefix(16) ?? "")"
    }
}

extension JSONValue {
    /// The zone in which the days of a matter begin and end; UTC where this machine does not know it.
    var matterZone: Zone {
        cell("zone").flatMap { try? ZoneFile.zone(named: $0) } ?? .utc
    }

    /// A member that is an instant.
    func instant(_ name: String) -> Instant? {
        self[name]?.string.flatMap { Instant($0) }
    }

    /// The elements of a member that are texts.
    func texts(_ name: String) -> [String] {
        (self[name]?.array ?? []).compactMap(\.string)
    }
}
