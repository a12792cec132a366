import CaseEngine
import Glibc
import NIOCore
import Sockets

extension Channel {
    /// Who is at the other end: the user (`SO_PEERCRED`) and the groups (`SO_PEERGROUPS`) with which the peer connected, as the kernel
    /// keeps them. Groups that it gained or lost since do not count.
    ///
    /// - Parameter adminGroup: whoever is in it is an admin.
    func peer(adminGroup: UInt32?) -> EventLoopFuture<Peer> {
        eventLoop.submit {
            let peer = try self.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
                let credentials = try KernelCredentials.peer(of: socket)
                let groups = adminGroup == nil ? [] : try peerGroups(of: socket) + [credentials.gid]
                return Peer(uid: credentials.uid, isInAdminGroup: adminGroup.map(groups.contains) ?? false)
            }
            guard let peer else { throw ChannelError.operationUnsupported }
            return peer
        }
    }
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
