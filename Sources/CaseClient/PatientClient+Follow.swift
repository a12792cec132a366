import CaseWire
import Glibc

extension PatientClient {
    /// Follows cases over restarts of the server: calls `body` with the parameters of each notification until it says false.
    ///
    /// - Parameters:
    ///   - params: what `case.watch` takes, without `from`. A snapshot is asked for only where it begins with `now`.
    ///   - cursor: `now`, `start`, an instant or a cursor; from then on, the place behind the last notification that `body` has dealt with.
    ///   - began: is told where the watch begins, where that was `now` or an instant.
    ///   - timeout: for how many milliseconds to wait for the next notification, asked before each, and before each try to begin; 0 where
    ///     the time is over, nil for ever.
    /// - Throws: `RemoteError` for a refusal that stays, `Client.Unreachable` where the server is not there, or has gone for longer than
    ///   `patience`, or the time is over, and what `body` throws.
    public func follow(
        _ params: JSONValue, from cursor: inout String, timeout: () -> Int? = { nil }, began: (String) throws -> Void = { _ in },
        _ body: (JSONValue) throws -> Bool
    ) throws {
        var (isThere, lastThere) = (false, -Double.infinity)
        while true {
            guard timeout() != 0 else { throw Client.Unreachable(description: "the time is over", isTimeout: true) }
            do {
                guard try followOnce(params, &cursor, timeout, began, body, &isThere) else { return }
                lastThere = PatientClient.now()
            } catch let error as Client.Unreachable {
                if isThere { lastThere = PatientClient.now() }
                // While it restarts its socket stays where systemd holds it, and is away for a moment where nobody does.
                guard !error.isTimeout, access(path, F_OK) == 0 || PatientClient.now() < lastThere + patience else { throw error }
            }
            isThere = false
            usleep(300_000)
        }
    }

    /// One connection to its end; false where `body` has had enough.
    ///
    /// - Parameter isThere: whether a server has answered.
    private func followOnce(
        _ params: JSONValue, _ cursor: inout String, _ timeout: () -> Int?, _ began: (String) throws -> Void,
        _ body: (JSONValue) throws -> Bool, _ isThere: inout Bool
    ) throws -> Bool {
        let client = try Client(path: path)
        isThere = true
        client.setTimeout(milliseconds: timeout().map { max(1, $0) })
        let asked = (params.members ?? []).filter { $0.name != "snapshot" || cursor == "now" }
        switch try client.call("case.watch", .object(asked + [.init("from", .string(cursor))])) {
        case .failure(let error):
            guard error.isRetryable else { throw error }
            return true
        case .success(let result):
            if let place = result["cursor"]?.string, place != cursor, cursor != "start" {
                cursor = place
                try began(place)
            }
        }
        while true {
            client.setTimeout(milliseconds: timeout().map { max(1, $0) })
            let line = try client.receive()
            guard let told = try? JSONReader.read(line)["params"] else { continue }
            if told["type"]?.string != "closed", try !body(told) { return false }
            cursor = told["cursor"]?.string ?? cursor
            guard told["type"]?.string == "closed" else { continue }
            // Whatever begins there again meets the same.
            if let reason = told["reason"]?.string, let said = PatientClient.standstills[reason] {
                throw RemoteError(code: said.code, kind: reason, message: said.message, hint: "nothing behind it is told; tell an admin")
            }
            return true
        }
    }

    /// Why a watch ends that does not go on from where it was, with the codes of the same refusals.
    private static let standstills: [String: (code: Int, message: String)] = [
        "evidence.damaged": (5500, "what the store has of what is followed is not what was recorded"),
        "server.fault": (-32603, "the server cannot read on what is followed; its log says more"),
    ]
}
