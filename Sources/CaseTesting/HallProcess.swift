import ChildProcesses
import Foundation

/// A real `casehall`, as a process of its own, from the build that this program belongs to.
package final class HallProcess {
    package struct Failed: Error, CustomStringConvertible {
        package let description: String
    }

    /// What it listens on: a path, or an address and a port.
    package let place: String
    private let process: ChildProcess
    private let logPath: String
    private let directory: TemporaryDirectory

    /// Starts a hall on plain HTTP and waits until it listens.
    ///
    /// - Parameters:
    ///   - socket: that of its daemon.
    ///   - listen: where it listens; by default on a port of its own.
    /// - Throws: `Failed` with what it logged where it ends before that.
    package init(
        in directory: TemporaryDirectory, socket: String, listen: String = "127.0.0.1:0", isPlain: Bool = true, arguments: [String] = []
    ) throws {
        self.directory = directory
        logPath = "\(directory.path)/casehall.log"
        let notify = try NotifySocket("\(directory.path)/hall-notify.sock")
        process = try ChildProcess(
            DaemonProcess.programs + "/casehall",
            ["--socket", socket, "--listen", listen] + (isPlain ? ["--plain-http"] : []) + arguments,
            environment: ["NOTIFY_SOCKET": notify.path], errors: .file(logPath))
        while true {
            if let message = notify.receive(milliseconds: 200) {
                guard let place = message.firstMatch(of: /READY=1\nSTATUS=Listening on ([^\n]*)/)?.1 else { continue }
                self.place = String(place)
                return
            }
            if !process.isRunning {
                let log = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
                throw Failed(description: "casehall ended with \(process.waitOrKill()): \(log)")
            }
        }
    }

    package var log: String {
        (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
    }

    /// Stops it as systemd does, and returns its exit code.
    @discardableResult
    package func terminate() -> Int32 {
        process.send(SIGTERM)
        return process.waitOrKill()
    }

    package func kill() {
        process.send(SIGKILL)
        process.waitOrKill()
    }

    /// A new connection.
    package func connection() throws -> HTTPConnection {
        try HTTPConnection(place)
    }

    /// One request on a connection of its own.
    package func ask(_ method: String, _ path: String, _ headers: [(String, String)] = [], body: [UInt8]? = nil) throws -> HTTPReply {
        let connection = try connection()
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(HallProcess.host)\r\nConnection: close\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        connection.send(Array((head + "\r\n").utf8) + (body ?? []))
        return try connection.reply()
    }

    package func get(_ path: String, _ headers: [(String, String)] = []) throws -> HTTPReply {
        try ask("GET", path, headers)
    }

    /// As browsers send a form that has no files.
    package func post(_ path: String, _ fields: [(String, String)], _ headers: [(String, String)] = []) throws -> HTTPReply {
        func encoded(_ text: String) -> String {
            text.addingPercentEncoding(
                withAllowedCharacters: CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"))
                ?? ""
        }
        let body = fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        return try ask("POST", path, headers + [("Content-Type", "application/x-www-form-urlencoded")], body: Array(body.utf8))
    }

    /// As which the hall is asked.
    package static let host = "hall.example"
}

/// A connection to a hall, on which a test sends what it likes.
package final class HTTPConnection {
    private let descriptor: Int32

    /// - Parameter place: a path, or `127.0.0.1:PORT`.
    package init(_ place: String) throws {
        let isUnix = place.hasPrefix("/")
        descriptor = socket(isUnix ? AF_UNIX : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        func connected<Address>(_ address: Address) -> Bool {
            withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
                }
            }
        }
        let isConnected: Bool
        if isUnix {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: place.utf8) }
            isConnected = connected(address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            address.sin_port = UInt16(place.split(separator: ":").last ?? "")?.bigEndian ?? 0
            isConnected = connected(address)
        }
        guard isConnected else { throw HallProcess.Failed(description: "nobody listens on \(place): \(String(cString: strerror(errno)))") }
        var time = timeval(tv_sec: DaemonProcess.patience / 1000, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Sends all of it, or as much as the other side takes before it hangs up.
    package func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Tells the other side that nothing more comes.
    package func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// All that comes until the other side hangs up.
    package func rest() -> [UInt8] {
        var received: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &room, room.count, 0)
            guard count > 0 else { return received }
            received += room[..<count]
        }
    }

    /// What comes, through the first place where a text stands in it; less where the other side hangs up before.
    package func read(until text: String) -> String {
        var (received, byte): ([UInt8], [UInt8]) = ([], [0])
        let wanted = Array(text.utf8)
        while received.suffix(wanted.count) != wanted[...], recv(descriptor, &byte, 1, 0) == 1 { received += byte }
        return String(decoding: received, as: UTF8.self)
    }

    package func reply() throws -> HTTPReply {
        try HTTPReply(rest())
    }
}

/// What a hall answered.
package struct HTTPReply {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(_ bytes: [UInt8]) throws {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) }) else {
            throw HallProcess.Failed(description: "no reply of HTTP: \(bytes.count) bytes")
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ")[1]) ?? 0
        headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), String(parts[1].drop { $0 == " " }))
        }
        body = Array(bytes[(end + 4)...])
    }

    package subscript(name: String) -> String? {
        headers.first { $0.name == name.lowercased() }?.value
    }

    package var text: String {
        String(decoding: body, as: UTF8.self)
    }

    /// The cookies that it sets, as a browser sends them back.
    package var cookies: String {
        headers.filter { $0.name == "set-cookie" }.compactMap { $0.value.split(separator: ";").first.map(String.init) }.joined(
            separator: "; ")
    }

    /// The token of the form on the page.
    package var formToken: String {
        text.firstMatch(of: /name="token" value="([^"]*)"/).map { String($0.1) } ?? ""
    }
}
