import CaseEngine
import Glibc
import NIOCore

extension Channel {
    /// Who is at the other end, from `SO_PEERCRED`: the credentials with which the peer connected.
    func peer() -> EventLoopFuture<Peer> {
        guard let provider = self as? any SocketOptionProvider else {
            return eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let credentials: EventLoopFuture<KernelCredentials> = provider.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return credentials.map { Peer(uid: $0.uid) }
    }
}

/// `struct ucred` of unix(7), which the C library shows to GNU sources only.
private struct KernelCredentials: Sendable {
    var pid: Int32
    var uid: UInt32
    var gid: UInt32
}
