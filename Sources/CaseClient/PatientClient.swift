import CaseCore
import CaseWire
import Glibc

/// Asks a server that may be restarting. A command carries an idempotency key, so that however often it is sent it is done once.
///
/// ```swift
/// let cased = PatientClient(path: Client.defaultPath)
/// let file = try cased.command(
///     "case.submit", ["matter": "road-sign", "title": "Quay 2", "applicant": ["id": "91X", "name": "Harbin Logistics"]], key: "order-4711"
/// ).get()
/// print(file["case"]?.string ?? "")
/// ```
public struct PatientClient {
    public let path: String
    /// How long to keep trying, in seconds.
    public var patience: Double
    /// Called once when it begins to wait, with the reason.
    public var onWaiting: ((String) -> Void)?

    public init(path: String = Client.defaultPath, patience: Double = 10, onWaiting: ((String) -> Void)? = nil) {
        self.path = path
        self.patience = patience
        self.onWaiting = onWaiting
    }

    /// A read, asked once.
    ///
    /// - Parameter told: hears the parameters of what the server says before its answer, such as how far it is.
    /// - Throws: `Client.Unreachable` where nobody answers.
    public func read(
        _ method: String, _ params: JSONValue = [:], told: ((JSONValue) -> Void)? = nil
    ) throws(Client.Unreachable) -> Result<JSONValue, RemoteError> {
        let client = try Client(path: path)
        client.onNotification = told
        return try client.call(method, params)
    }

    /// A command on a case, tried again while the server restarts or has no room.
    ///
    /// - Parameters:
    ///   - params: an object.
    ///   - key: the same for the same command, also after this program was restarted.
    /// - Throws: `Client.Unreachable` where nobody has answered until the end of patience: whether it was done is not known, and the same
    ///   key finds out.
    public func command(_ method: String, _ params: JSONValue, key: String) throws(Client.Unreachable) -> Result<JSONValue, RemoteError> {
        let params = JSONValue.object((params.members ?? []) + [.init("idempotency_key", .string(key))])
        let end = PatientClient.now() + patience
        var isAnnounced = false
        while true {
            let reason: String
            do throws(Client.Unreachable) {
                let result = try read(method, params)
                let left = end - PatientClient.now()
                guard case .failure(let error) = result, left > 0, error.mayPass(within: left) else { return result }
                reason = error.message
            } catch {
                // Where there is not even a socket, nobody restarts.
                guard PatientClient.now() < end, access(path, F_OK) == 0 else { throw error }
                reason = error.description
            }
            if !isAnnounced {
                isAnnounced = true
                onWaiting?(reason)
            }
            usleep(200_000)
        }
    }

    /// Seconds of a clock that nobody sets.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
