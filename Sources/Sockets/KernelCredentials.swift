import Glibc

/// Who is at the other end of a Unix socket, as the kernel keeps it (`SO_PEERCRED`; `struct ucred` of unix(7), which the C library shows to
/// GNU sources only).
package struct KernelCredentials: Sendable {
    package private(set) var pid: Int32 = 0
    package private(set) var uid: UInt32 = .max
    package private(set) var gid: UInt32 = .max

    /// The kernel does not say.
    package struct Unknown: Error {
        package let errnoCode: Int32
    }

    /// With which process, user and group the peer connected.
    package static func peer(of socket: Int32) throws(Unknown) -> KernelCredentials {
        var credentials = KernelCredentials()
        var size = socklen_t(MemoryLayout<KernelCredentials>.size)
        guard getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else { throw Unknown(errnoCode: errno) }
        return credentials
    }
}
