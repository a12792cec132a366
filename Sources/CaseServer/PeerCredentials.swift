import CaseEngine
import Glibc
import NIOCore

extension Channel {
    /// Who is at the other end: the user (`SO_PEERCRED`) and the groups (`SO_PEERGROUPS`) with which the peer connected, as the kernel
    /// keeps them. Groups that it gained or lost since do not count.
    ///
    /// - Parameter adminGroup: whoever is in it is an admin.
    func peer(adminGroup: UInt32?) -> EventLoopFuture<Peer> {
        eventLoop.submit {
            let peer = try self.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
                let credentials = try socketOption(SO_PEERCRED, of: socket, KernelCredentials(pid: 0, uid: .max, gid: .max))
                let groups = adminGroup == nil ? [] : try peerGroups(of: socket) + [credentials.gid]
                return Peer(uid: credentials.uid, isInAdminGroup: adminGroup.map(groups.contains) ?? false)
            }
            guard let peer else { throw ChannelError.operationUnsupported }
            return peer
        }
    }
}

/// `struct ucred` of unix(7), which the C library shows to GNU sources only.
private struct KernelCredentials: Sendable {
    var pid: Int32
    var uid: UInt32
    var gid: UInt32
}

private func socketOption<Value: BitwiseCopyable>(_ option: Int32, of socket: CInt, _ initial: Value) throws -> Value {
    var value = initial
    var size = socklen_t(MemoryLayout<Value>.size)
    guard getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 else { throw IOError(errnoCode: errno, reason: "getsockopt") }
    return value
}

private func peerGroups(of socket: CInt) throws -> [UInt32] {
    var groups = [UInt32](repeating: 0, count: 64)
    while true {
        var size = socklen_t(groups.count * MemoryLayout<UInt32>.stride)
        if getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, &groups, &size) == 0 {
            return Array(groups.prefix(Int(size) / MemoryLayout<UInt32>.stride))
        }
        // The kernel says how much room it takes.
        guard errno == ERANGE else { throw IOError(errnoCode: errno, reason: "getsockopt") }
        groups = [UInt32](repeating: 0, count: Int(size) / MemoryLayout<UInt32>.stride)
    }
}
