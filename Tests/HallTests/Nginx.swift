import CaseTesting
import Foundation

/// nginx with `examples/hall`, as that is documented: ports and the certificate alone are the test's own. The identity provider is a server of the
/// same nginx: it knows people by a cookie.
final class Nginx {
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private static let program = "/usr/sbin/nginx"
    private static let examples = "\(SharedData.project)/examples/hall"
    static let isThere = [program, "/usr/bin/openssl"].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    static let host = "hall.example.org"

    /// Of HTTPS and of HTTP.
    let port, plainPort: UInt16
    private let directory: TemporaryDirectory
    private let folder: String
    /// Bound and not listening, so that nobody else is given these ports.
    private let kept: [KeptPort]

    /// What browsers are told to ask.
    var origin: String { "https://\(Nginx.host):\(port)" }

    /// - Parameters:
    ///   - kept: the ports of HTTPS, HTTP and the identity provider.
    ///   - hall: where the hall listens, as in 127.0.0.1:8080.
    ///   - tokens: for whoever has the cookie `login` with that value.
    init(in directory: TemporaryDirectory, _ kept: [KeptPort], hall: String, tokens: [String: String]) throws {
        self.directory = directory
        self.kept = kept
        (port, plainPort) = (kept[0].number, kept[1].number)
        folder = "\(directory.path)/nginx"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let certificate = try Program(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                "/CN=\(Nginx.host)",
                "-addext", "subjectAltName=DNS:\(Nginx.host)", "-keyout", "\(folder)/key.pem", "-out", "\(folder)/fullchain.pem",
            ])
        guard certificate.status == 0 else { throw Failed(description: certificate.errors) }
        var documented = try String(contentsOfFile: "\(Nginx.examples)/nginx.conf", encoding: .utf8)
        for (text, other) in [
            ("server 127.0.0.1:8080;", "server \(hall);"), ("server 127.0.0.1:4180;", "server 127.0.0.1:\(kept[2].number);"),
            ("listen 80;", "listen 127.0.0.1:\(plainPort);"), ("listen 443 ssl", "listen 127.0.0.1:\(port) ssl"),
            ("/etc/ssl/hall/", "\(folder)/"),
        ] {
            guard documented.contains(text) else { throw Failed(description: "examples/hall/nginx.conf does not say \(text)") }
            documented = documented.replacing(text, with: other)
        }
        try write(documented, "hall.conf")
        try FileManager.default.copyItem(atPath: "\(Nginx.examples)/hall-proxy.conf", toPath: "\(folder)/hall-proxy.conf")
        try write(
            """
            \(getuid() == 0 ? "user root;" : "")
            worker_processes 1;
            pid \(folder)/pid;
            error_log \(folder)/error.log;
            events {}
            http {
                access_log off;
                client_body_temp_path \(folder)/body;
                proxy_temp_path \(folder)/proxy;
                fastcgi_temp_path \(folder)/fastcgi;
                uwsgi_temp_path \(folder)/uwsgi;
                scgi_temp_path \(folder)/scgi;
                map_hash_bucket_size 4096;
                map $cookie_login $token_of_login {
                    default "";
            \(tokens.map { "        \"\($0.key)\" \"\($0.value)\";" }.joined(separator: "\n"))
                }
                include \(folder)/hall.conf;
                server {
                    listen 127.0.0.1:\(kept[2].number);
                    location / {
                        if ($token_of_login = "") { return 401; }
                        add_header Authorization $token_of_login;
                        return 202;
                    }
                }
            }

            """, "nginx.conf")
        // It comes back once it listens.
        let started = try run([])
        guard started.status == 0 else { throw Failed(description: "nginx ended with \(started.status): \(started.errors)\(log)") }
    }

    deinit {
        _ = try? run(["-s", "stop"])
    }

    var log: String {
        (try? String(contentsOfFile: "\(folder)/error.log", encoding: .utf8)) ?? ""
    }

    private func run(_ arguments: [String]) throws -> Program {
        try Program(Nginx.program, ["-p", folder, "-c", "\(folder)/nginx.conf", "-e", "\(folder)/error.log"] + arguments)
    }

    private func write(_ text: String, _ name: String) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }

    /// One request over TLS to the host whose certificate this is.
    ///
    /// - Parameters:
    ///   - declared: how long the head says that the body is; by default as long as it is.
    func ask(_ method: String, _ path: String, _ headers: [String] = [], body: String = "", declared: Int? = nil) throws -> HTTPReply {
        let head = [
            "\(method) \(path) HTTP/1.1", "Host: \(Nginx.host)", "Connection: close", "Content-Length: \(declared ?? body.utf8.count)",
        ]
        let program = try Program(
            "/usr/bin/openssl",
            [
                "s_client", "-quiet", "-connect", "127.0.0.1:\(port)", "-servername", Nginx.host, "-CAfile", "\(folder)/fullchain.pem",
                "-verify_return_error", "-verify_hostname", Nginx.host,
            ], input: (head + headers).map { "\($0)\r\n" }.joined() + "\r\n" + body)
        guard !program.output.isEmpty else { throw Failed(description: "\(program.errors)\(log)") }
        return try HTTPReply(Array(program.output.utf8))
    }
}

/// A port that nobody else is given while this is there; a server that reuses addresses can listen on it.
final class KeptPort {
    let number: UInt16
    private let descriptor: Int32

    init() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0, "no port is to be had")
            }
        }
        number = UInt16(bigEndian: address.sin_port)
    }

    deinit {
        close(descriptor)
    }
}
