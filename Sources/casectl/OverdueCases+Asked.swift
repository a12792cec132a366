import CasePages
import CaseWire
import WorkingTime

extension OverdueCases {
    /// - Parameters:
    ///   - count: how many the report has.
    ///   - limit: at most so many are asked for.
    ///   - now: the instant of the report.
    init(_ server: Server, _ filter: Filter, count: Int, limit: Int, now: Instant) throws {
        var (cases, after): ([JSONValue], JSONValue?) = ([], nil)
        if count > 0, limit > 0 {
            repeat {
                let parameters: [JSONValue.Member] = [
                    filter.and("overdue").member, .init("sort", .string("due")), .init("limit", .integer(limit - cases.count)),
                ]
                let page = try server.call(.list, parameters + (after.map { [.init("after", $0)] } ?? []))
                cases += page["cases"]?.array ?? []
                let next = page["next"] ?? .null
                after = next.isNull ? Optional.none : next
            } while after != nil && cases.count < limit
        }
        let list = cases.isEmpty ? JSONValue.null : try server.common(.catalogDutyList)
        self.init(cases, of: list, count: count, limit: limit, now: now)
    }
}
