import CSystemd
import Glibc

/// What systemd and a daemon tell each other (sd_notify(3), sd_listen_fds(3)). Outside systemd all of it does nothing.
package enum Systemd {
    /// Sends states such as `READY=1` or `STATUS=…`, one a line.
    package static func notify(_ state: String) {
        sd_notify(0, state)
    }

    /// The sockets that systemd opened for this process.
    package static func listeningSockets() -> [Int32] {
        let count = sd_listen_fds(1)
        guard count > 0 else { return [] }
        return (0..<count).map { 3 + $0 }
    }

    /// Whether a file descriptor is a listening Unix stream socket.
    package static func isListeningStream(_ descriptor: Int32) -> Bool {
        sd_is_socket_unix(descriptor, Int32(SOCK_STREAM.rawValue), 1, nil, 0) > 0
    }
}
