import CaseTesting
import Foundation
import Testing

@Suite("Where the hall listens, and whom it believes")
struct EndpointTests {
    private func end(_ arguments: [String], environment: [String: String] = [:]) throws -> Program {
        try Program("casehall", arguments, environment: environment)
    }

    @Test("A Unix socket has the mode that was asked for, is not taken from a hall that answers, and goes with its hall")
    func unixSocket() throws {
        let directory = TemporaryDirectory()
        let path = "\(directory.path)/hall.sock"
        let hall = try HallProcess(in: directory, socket: "/nowhere", listen: path, arguments: ["--listen-mode", "0600"])
        var entry = stat()
        #expect(lstat(path, &entry) == 0 && entry.st_mode & 0o777 == 0o600)
        let second = try end(["--listen", path])
        #expect(second.status == 78 && second.errors.contains("another server answers"))
        #expect(try hall.get("/").status == 503)
        #expect(hall.terminate() == 0)
        #expect(lstat(path, &entry) != 0)
    }

    @Test("The socket that a killed hall left is taken over; a file that is no socket stays")
    func leftOver() throws {
        let directory = TemporaryDirectory()
        let path = "\(directory.path)/hall.sock"
        try HallProcess(in: directory, socket: "/nowhere", listen: path).kill()
        #expect(FileManager.default.fileExists(atPath: path))
        #expect(try HallProcess(in: directory, socket: "/nowhere", listen: path).terminate() == 0)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        #expect(try end(["--listen", path]).status == 78)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
    }

    @Test(
        "Only a loopback address is taken, and what is wrong is said with its mend",
        arguments: ["0.0.0.0:8080", "192.0.2.1:80", "[::]:8080", "localhost:8080", "127.0.0.1", "127.0.0.1:99999", ":80", "8080"])
    func address(place: String) throws {
        let program = try end(["--listen", place])
        #expect(program.status == 78 && program.errors.contains("127.0.0.1:8080"), "\(program.errors)")
    }

    @Test("Wrong options are refused before anything is opened")
    func options() throws {
        let rows: [([String], Int32, String)] = [
            ([], 78, "--listen"), (["--listen", "/tmp/x", "--proxy-address", "127.0.0.1"], 78, "--proxy-user"),
            (["--listen-mode", "9"], 64, "octal"), (["--connections", "0"], 64, "out of range"),
            (["--token-keys", "x"], 64, "--token-issuer"),
            (["--person-header", "X-Person"], 64, "--proxy-user"), (["--origin", "https://a/b"], 64, "--origin"),
            (["--scanner", "x"], 64, "--materials"),
            (["--session-key", "/nowhere", "--check-config"], 78, "--session-key"),
            (["--materials", "/proc/none", "--check-config"], 78, "--materials"),
        ]
        for (arguments, status, said) in rows {
            let program = try end(arguments)
            #expect(program.status == status && program.errors.contains(said), "\(arguments): \(program.status) \(program.errors)")
        }
        #expect(try end(["--check-config"]).status == 0)
    }

    @Test("Sockets that were meant for another process are not this one's")
    func otherProcess() throws {
        let program = try end([], environment: ["LISTEN_FDS": "1", "LISTEN_PID": "1"])
        #expect(program.status == 78 && program.errors.contains("no socket was inherited"))
    }

    @Test("On a Unix socket whose proxy is named, nobody else is answered")
    func otherUser() throws {
        let directory = TemporaryDirectory()
        let path = "\(directory.path)/hall.sock"
        let hall = try HallProcess(in: directory, socket: "/nowhere", listen: path, arguments: ["--proxy-user", "\(getuid() + 12_345)"])
        defer { hall.terminate() }
        #expect(try hall.get("/").status == 403)
    }

    @Test("Whom the proxy's header names is believed of the proxy alone")
    func header() throws {
        let test = try TestHall(
            ["--proxy-user", "\(getuid())", "--person-header", "X-Person", "--applicant-header", "X-Applicant"],
            listen: "\(TemporaryDirectory.lasting)/hall.sock")
        #expect(try test.hall.get("/")["cache-control"] == "no-cache")
        #expect(try test.hall.get("/", [("X-Person", "otto")])["cache-control"] == "no-store")
        #expect(try test.hall.get("/", [("X-Applicant", "91X"), ("X-Applicant-Name", "%E6%9D%8E")])["cache-control"] == "no-store")
        for headers in [
            [("X-Applicant", "91X")], [("X-Person", "otto"), ("X-Applicant", "91X"), ("X-Applicant-Name", "x")], [("X-Person", "%zz")],
            [("X-Person", "otto"), ("X-Person", "lena")], [("X-Person", String(repeating: "a", count: 201))], [("X-Person", "a%0Ab")],
        ] { #expect(try test.hall.get("/", headers).status == 401, "\(headers)") }
        let form = try test.form("/status", [("X-Person", "otto")])
        // The session is that of a visitor: nobody else's form is theirs.
        let fields = [("token", form.token), ("receipt", "7QK2-M9XD-4RTA")]
        #expect(try test.hall.post("/status", fields, [("Cookie", form.cookies), ("X-Person", "otto")]).status == 422)
        #expect(try test.hall.post("/status", fields, [("Cookie", form.cookies), ("X-Person", "lena")]).status == 403)
        #expect(try test.hall.post("/status", fields, [("Cookie", form.cookies)]).status == 403)
    }

    @Test("A client that asks too much waits; a header that anybody can send makes it nobody else")
    func rate() throws {
        let test = try TestHall(["--requests-per-second", "1"])
        let statuses = try (0..<15).map { try test.hall.get("/", [("X-Forwarded-For", "198.51.100.\($0)")]) }
        #expect(statuses.contains { $0.status == 429 && $0["retry-after"] != nil && $0.text.contains("<h1>") })
    }

    @Test("Requests that are under way are answered when the hall is told to stop")
    func stop() throws {
        let test = try TestHall()
        let idle = try test.hall.connection()
        #expect(test.hall.terminate() == 0)
        #expect(idle.rest().isEmpty)
    }
}
