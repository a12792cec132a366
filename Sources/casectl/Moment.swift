import CaseCore
import CaseWire
import Catalogue
import WorkingTime

/// Instants as options take them.
enum Moment {
    /// The parameter that an option stands for: an instant, or a day, which is its beginning in the zone of the calendars.
    ///
    /// - Parameter name: of both.
    static func parameter(_ name: String, _ text: String?, _ server: Server) throws -> [JSONValue.Member] {
        guard let text else { return [] }
        if Instant(text) != nil { return [.init(name, .string(text))] }
        guard let day = Day(text) else {
            throw Failure(
                code: .usage, message: "--\(name) \(text) is neither a day nor an instant",
                hint: "write it as in 2026-11-22 or 2026-11-22T09:00:00Z")
        }
        let zone = zone(try server.common(.serverInfo)) ?? .utc
        return [.init(name, .string(zone.instant(on: day, timeOfDay: 0).description))]
    }

    /// The zone of the calendars, as the server says it, where they have one together and this machine knows it.
    static func zone(_ info: JSONValue) -> Zone? {
        let zones = Set((info["calendars"]?.array ?? []).compactMap { $0.cell("zone") })
        return zones.count == 1 ? try? ZoneFile.zone(named: zones.first!) : nil
    }
}
