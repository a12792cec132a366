import ArgumentParser
import CaseWire
import WorkingTime

/// Whether an answer may be of a while ago; the same option wherever one may.
struct Freshness: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            Say.text(
                "Ask a replica of the store where there is one, also while the store itself is away; it is said as of when that holds.")))
    var staleOk = false

    var members: [JSONValue.Member] {
        staleOk ? [.init("stale_ok", .bool(true))] : []
    }

    /// As of when an answer holds; nil where nobody asked for that.
    static func instant(of answer: JSONValue) -> Instant? {
        answer.cell("as_of").flatMap { Instant($0) }
    }

    /// Tells a person as of when an answer holds.
    static func remark(_ instant: Instant?) {
        guard let instant else { return }
        StandardError.write("casectl: \(Say.line("as of \(instant); what came later may be missing"))\n")
    }

    /// Looks whether the catalogue has the names of a filter, of which there is nothing. An older state has its own, and the store can be away.
    func requireKnownNames(_ filter: Filter, _ server: Server) throws {
        if !staleOk { try filter.requireKnownNames(server) }
    }
}
