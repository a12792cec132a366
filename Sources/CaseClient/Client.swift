import CaseCore
import CaseWire
import Glibc

/// One connection to `cased`, for programs that ask and wait.
///
/// Not safe for use from several threads at once.
public final class Client {
    /// The connection cannot be made, or was lost; of a mutation the outcome is unknown until it is retried with its key.
    public struct Unreachable: Error, CustomStringConvertible {
        public let description: String
        /// Whether it only took longer than was to be waited for.
        public let isTimeout: Bool
        /// Whether this user may not connect.
        public let isDenied: Bool

        package init(description: String, isTimeout: Bool = false, isDenied: Bool = false) {
            self.description = description
            self.isTimeout = isTimeout
            self.isDenied = isDenied
        }
    }

    public let path: String
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var searched = 0
    private var lastID = 0
    /// Sees each reply to `call`, for whoever checks them.
    package var observer: ((_ method: String, _ reply: JSONValue) -> Void)?

    /// Hears the parameters of what the server says before the reply to `call`, such as how far it is.
    public var onNotification: ((_ params: JSONValue) -> Void)?

    /// Where `casectl` looks where nothing else is said.
    public static let defaultPath = "/run/cased/cased.sock"

    public init(path: String) throws(Unreachable) {
        self.path = path
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else {
            throw Unreachable(description: "the socket path has \(path.utf8.count) bytes; \(room - 1) are allowed")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Unreachable(description: "no socket can be made: \(Client.lastError)") }
        let connected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            // All is set, so that deinit closes the descriptor. To close it here as well would close somebody else's.
            let isDenied = errno == EACCES
            throw Unreachable(description: "cased does not answer on \(path): \(Client.lastError)", isDenied: isDenied)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Asks and waits for the reply.
    public func call(_ method: String, _ params: JSONValue = .object([])) throws(Unreachable) -> Result<JSONValue, RemoteError> {
        lastID += 1
        do {
            try send(Request(id: .number(literal: String(lastID)), method: method, params: params).line)
        } catch {
            // What the server has said before it hung up says why.
            guard !error.isTimeout, let last = try? receiveJSON(), let refusal = last["error"] else { throw error }
            return .failure(RemoteError(refusal))
        }
        var reply = try receiveJSON()
        while reply["method"] != nil {
            onNotification?(reply["params"] ?? .null)
            reply = try receiveJSON()
        }
        observer?(method, reply)
        if let error = reply["error"] { return .failure(RemoteError(error)) }
        guard let result = reply["result"] else { throw Unreachable(description: "the reply of \(path) has neither result nor error") }
        return .success(result)
    }

    private func receiveJSON() throws(Unreachable) -> JSONValue {
        let line = try receive()
        guard let value = try? JSONReader.read(line) else { throw Unreachable(description: "the reply of \(path) is not JSON") }
        return value
    }

    /// Sends one line, or several that end in line feeds but for the last.
    public func send(_ line: [UInt8]) throws(Unreachable) {
        try sendRaw(line + [UInt8(ascii: "\n")])
    }

    /// Sends bytes as they are.
    public func sendRaw(_ bytes: [UInt8]) throws(Unreachable) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { throw Unreachable(description: "nothing came in time", isTimeout: true) }
            guard count > 0 else { throw Unreachable(description: "\(path) was lost while sending: \(Client.lastError)") }
            sent += count
        }
    }

    /// Tells the other side that nothing more will be sent.
    public func finishSending() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// From now on `receive` waits so long for the next bytes; nil for ever.
    public func setTimeout(milliseconds: Int?) {
        let milliseconds = milliseconds.map { max(1, $0) } ?? 0
        var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// From now on sending gives up where the server takes nothing for so long.
    public func setSendTimeout(milliseconds: Int) {
        var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// The next line, without its line feed.
    public func receive() throws(Unreachable) -> [UInt8] {
        while true {
            if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(received[..<end])
                received.removeFirst(end + 1)
                searched = 0
                return line
            }
            searched = received.count
            let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65_536) { room in
                let count = recv(descriptor, room.baseAddress, room.count, 0)
                if count > 0 { received.append(contentsOf: room[0..<count]) }
                return count
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { throw Unreachable(description: "nothing came in time", isTimeout: true) }
            guard count > 0 else {
                throw Unreachable(description: count == 0 ? "\(path) closed the connection" : "\(path) was lost: \(Client.lastError)")
            }
        }
    }

    private static var lastError: String {
        String(cString: strerror(errno))
    }
}

/// An error that the server answered.
public struct RemoteError: Error, Equatable {
    public let code: Int
    public let kind: String
    public let message: String
    public let hint: String?
    public let isRetryable: Bool
    public let details: JSONValue

    /// Whether the same may be taken within so many seconds: a limit of the day, or of open cases, does not pass while somebody waits.
    public func mayPass(within seconds: Double) -> Bool {
        guard isRetryable, kind != "cases.too_many_open" else { return false }
        return details["retry_after_ms"]?.integer.map { Double($0) <= 1000 * seconds } ?? true
    }

    init(code: Int, kind: String, message: String, hint: String) {
        (self.code, self.kind, self.message, self.hint) = (code, kind, message, hint)
        (isRetryable, details) = (false, .object([]))
    }

    /// - Parameter error: the member `error` of a reply.
    package init(_ error: JSONValue) {
        code = Int(error["code"]?.integer ?? 0)
        kind = error["data"]?["kind"]?.string ?? ""
        message = error["message"]?.string ?? ""
        hint = error["data"]?["hint"]?.string
        isRetryable = error["data"]?["retryable"]?.bool ?? false
        details = error["data"]?["details"] ?? .object([])
    }
}
