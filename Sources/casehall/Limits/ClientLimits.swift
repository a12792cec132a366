import Dispatch
import Glibc
import Sockets
import Synchronization

/// How much each client may ask. A client is an address, as the proxy says it or the kernel; of IPv6 the first 64 bits, which one customer has
/// whole.
final class ClientLimits: Sendable {
    private let state: Mutex<[String: RateLimit]>
    private let tokens: Int
    private let perTokens: Int

    /// So many clients are remembered; beyond them those who have not asked for a while are forgotten, and then all.
    private static let clientLimit = 50_000

    /// - Parameters:
    ///   - count: how many requests a client may send at once.
    ///   - seconds: after how many seconds it may send as many again.
    init(_ count: Int, in seconds: Int) {
        state = Mutex([:])
        (tokens, perTokens) = (count, seconds)
    }

    /// Takes a request; nil where that is fine, else in how many seconds it would be.
    func take(_ client: String, at now: UInt64 = DispatchTime.now().uptimeNanoseconds) -> Int? {
        // A bucket counts whole seconds of its own: `perTokens` of ours.
        let time = now / UInt64(perTokens)
        return state.withLock { state in
            if state.count >= ClientLimits.clientLimit, state[client] == nil {
                state = state.filter { !$0.value.isFull(at: time) }
                if state.count >= ClientLimits.clientLimit { state = [:] }
            }
            var limit = state[client] ?? RateLimit(perSecond: tokens, at: time)
            let wait = limit.take(at: time)
            state[client] = limit
            return wait.map { max(1, $0 * perTokens / 1000) }
        }
    }
}

/// Where a request comes from, as far as somebody who is believed says so.
struct ClientAddress {
    private let proxyUser: UInt32?
    private let proxyAddresses: Set<String>

    init(_ options: HallOptions) {
        proxyUser = options.proxyUser
        proxyAddresses = Set(options.proxyAddress)
    }

    /// Whether the peer is the proxy, whose headers are believed.
    func isProxy(_ peer: Peer) -> Bool {
        switch peer {
        case .user(let user): user == proxyUser
        case .address(let address): proxyAddresses.contains(address)
        }
    }

    /// - Parameter said: what the header says in which the proxy names the client.
    func client(of peer: Peer, said: String?) -> String {
        let last = said?.split(separator: ",").last.map { $0.filter { $0 != " " } }
        if isProxy(peer), let last, !last.isEmpty { return ClientAddress.network(String(last.prefix(64))) }
        return switch peer {
        case .address(let address): ClientAddress.network(address)
        case .user(let user): "user \(user)"
        }
    }

    /// The first 64 bits of an address of IPv6; any other text as it is.
    static func network(_ address: String) -> String {
        var parsed = in6_addr()
        guard inet_pton(AF_INET6, address, &parsed) == 1 else { return address }
        let bytes = withUnsafeBytes(of: &parsed) { Array($0) }
        // An address of IPv4 that a socket for both shows.
        if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255] { return bytes.suffix(4).map(String.init).joined(separator: ".") }
        return bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "/64"
    }
}
