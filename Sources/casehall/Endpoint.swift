import Glibc
import SystemdSupport

/// The listening socket of the hall: one that systemd opened, or its own.
struct Endpoint: Sendable {
    let descriptor: Int32
    let kind: Kind
    /// As people and proxies name it.
    let name: String
    /// The file of an own Unix socket, by which it is known again.
    private let file: (path: String, device: UInt, inode: UInt)?

    enum Kind: Sendable { case unix, tcp }

    /// A listener that lasts for so many connections that wait to be taken.
    private static let backlog: Int32 = 512

    init(_ options: HallOptions) throws(Unusable) {
        let inherited = Systemd.listeningSockets()
        if !inherited.isEmpty {
            let ours = inherited.count == 1 ? inherited : inherited.filter { $0.name == "casehall" }
            guard ours.count == 1, Systemd.isListening(ours[0].descriptor) else {
                let names = inherited.map(\.name).joined(separator: ", ")
                throw Unusable("systemd passed the sockets \(names): pass one stream socket, or name it with FileDescriptorName=casehall")
            }
            self.init(
                descriptor: ours[0].descriptor, kind: Systemd.isListeningStream(ours[0].descriptor) ? .unix : .tcp, name: "inherited",
                file: nil)
        } else if let place = options.listen {
            self =
                place.utf8.contains(UInt8(ascii: "/")) ? try Endpoint(path: place, mode: options.listenMode) : try Endpoint(address: place)
        } else {
            throw Unusable("no socket was inherited and none is named: give --listen 127.0.0.1:8080, or a path")
        }
        if kind == .tcp, options.proxyUser != nil {
            throw Unusable("--proxy-user is known on a Unix socket only: listen on a path, or use --proxy-address")
        }
        if kind == .unix, !options.proxyAddress.isEmpty {
            throw Unusable("--proxy-address is for TCP: on a Unix socket name the proxy with --proxy-user")
        }
    }

    private init(descriptor: Int32, kind: Kind, name: String, file: (path: String, device: UInt, inode: UInt)?) {
        (self.descriptor, self.kind, self.name, self.file) = (descriptor, kind, name, file)
    }

    // MARK: A Unix socket

    private init(path: String, mode: String) throws(Unusable) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Unusable("the socket path has \(path.utf8.count) bytes, and a Unix socket's has at most 107: choose a shorter one")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try Endpoint.makeRoom(path, address)
        let descriptor = try Endpoint.socket(AF_UNIX)
        // Nobody can connect between the bind and a change of mode.
        let before = umask(~mode_t(Int(mode, radix: 8)!) & 0o777)
        let bound = Endpoint.bind(descriptor, address)
        let error = errno
        umask(before)
        guard bound, listen(descriptor, Endpoint.backlog) == 0 else {
            throw Unusable("\(path) cannot be opened (\(String(cString: strerror(error)))): check --listen and who may write there")
        }
        var entry = stat()
        lstat(path, &entry)
        self.init(descriptor: descriptor, kind: .unix, name: path, file: (path, UInt(entry.st_dev), UInt(entry.st_ino)))
    }

    /// Removes the socket of a hall that has gone; what is no socket, or is somebody's, stays.
    private static func makeRoom(_ path: String, _ address: sockaddr_un) throws(Unusable) {
        var entry = stat()
        guard lstat(path, &entry) == 0 else { return }
        guard entry.st_mode & S_IFMT == S_IFSOCK, entry.st_uid == geteuid() else {
            throw Unusable("\(path) exists and is no socket of this user: move it away, or choose another --listen")
        }
        let probe = try socket(AF_UNIX)
        defer { close(probe) }
        let answers = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 }
        }
        guard !answers, errno == ECONNREFUSED else {
            throw Unusable("another server answers on \(path): stop it, or choose another --listen")
        }
        unlink(path)
    }

    /// Removes its own file, where there is one and nobody has put another in its place. Once, and before it stops listening: the next file can
    /// have the number of one that is gone.
    func remove() {
        guard let file else { return }
        var entry = stat()
        if lstat(file.path, &entry) == 0, UInt(entry.st_dev) == file.device, UInt(entry.st_ino) == file.inode { unlink(file.path) }
    }

    // MARK: TCP

    private init(address: String) throws(Unusable) {
        let wrong = Unusable("--listen \(address) is no loopback address with a port: write it as in 127.0.0.1:8080 or [::1]:8080")
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else { throw wrong }
        let host = String(address[..<colon])
        let descriptor: Int32
        let bound: Bool
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, host, &four) == 1 {
            guard UInt32(bigEndian: four.s_addr) >> 24 == 127 else { throw wrong }
            descriptor = try Endpoint.socket(AF_INET)
            bound = Endpoint.bind(
                descriptor,
                sockaddr_in(sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian, sin_addr: four, sin_zero: (0, 0, 0, 0, 0, 0, 0, 0)))
        } else if host.hasPrefix("["), host.hasSuffix("]"), inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &six) == 1 {
            guard host == "[::1]" else { throw wrong }
            descriptor = try Endpoint.socket(AF_INET6)
            bound = Endpoint.bind(
                descriptor,
                sockaddr_in6(
                    sin6_family: sa_family_t(AF_INET6), sin6_port: port.bigEndian, sin6_flowinfo: 0, sin6_addr: six, sin6_scope_id: 0))
        } else {
            throw wrong
        }
        let error = errno
        guard bound, listen(descriptor, Endpoint.backlog) == 0 else {
            throw Unusable("\(address) cannot be opened (\(String(cString: strerror(error)))): choose another --listen")
        }
        self.init(descriptor: descriptor, kind: .tcp, name: "\(host):\(Endpoint.port(of: descriptor))", file: nil)
    }

    /// That which the kernel gave, where 0 was asked for.
    private static func port(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        // The port lies at the same place in both families.
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
        }
        return UInt16(bigEndian: storage.sin6_port)
    }

    private static func socket(_ family: Int32) throws(Unusable) -> Int32 {
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Unusable("no socket can be made: \(String(cString: strerror(errno)))") }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    private static func bind<Address>(_ descriptor: Int32, _ address: Address) -> Bool {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
            }
        }
    }
}
