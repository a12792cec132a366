import CSystemd
import Glibc

/// What systemd and a daemon tell each other (sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3)). Outside systemd all of it does
/// nothing.
package enum Systemd {
    /// Sends states such as `READY=1` or `STATUS=…`, one a line.
    package static func notify(_ state: String) {
        sd_notify(0, state)
    }

    /// Says that options are read anew; `READY=1` has to follow.
    package static func notifyReloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        notify("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1000)\nSTATUS=Reading options anew")
    }

    /// A socket that systemd opened, with its `FileDescriptorName=`.
    package struct InheritedSocket: Sendable {
        package let name: String
        package let descriptor: Int32
    }

    /// The sockets that systemd opened for this process. Programs that it starts do not get them.
    package static func listeningSockets() -> [InheritedSocket] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &names)
        guard count > 0 else { return [] }
        defer { free(names) }
        return (0..<count).map { place in
            let name = names?[Int(place)]
            defer { free(name) }
            return InheritedSocket(name: name.map { String(cString: $0) } ?? "unknown", descriptor: 3 + place)
        }
    }

    /// Whether a file descriptor is a listening Unix stream socket.
    package static func isListeningStream(_ descriptor: Int32) -> Bool {
        sd_is_socket_unix(descriptor, Int32(SOCK_STREAM.rawValue), 1, nil, 0) > 0
    }

    /// Whether a file descriptor is a listening stream socket of any family.
    package static func isListening(_ descriptor: Int32) -> Bool {
        sd_is_socket(descriptor, AF_UNSPEC, Int32(SOCK_STREAM.rawValue), 1) > 0
    }

    /// Within how many microseconds `WATCHDOG=1` has to come, again and again; nil where systemd does not watch this process.
    package static func watchdogMicroseconds() -> UInt64? {
        var interval: UInt64 = 0
        return sd_watchdog_enabled(0, &interval) > 0 ? interval : nil
    }
}
