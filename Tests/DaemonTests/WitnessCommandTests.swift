import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Testing

/// Checkpoints that somebody else keeps, and starts that are held to them.
@Suite("A witness")
struct WitnessCommandTests {
    private let directory = TemporaryDirectory()
    private static let clock = "2026-02-06T01:00:00Z"
    private static let seed = String(repeating: "07", count: 32)
    /// The public half of that seed, as a cosigner called w.example.
    private static let key = "w.example+3e6d1c1c+BOpKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"

    private func path(_ name: String) -> String {
        "\(directory.path)/\(name)"
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    private func started(_ arguments: [String] = []) throws -> DaemonProcess {
        try DaemonProcess(in: directory, manualClock: Self.clock, arguments: arguments)
    }

    /// A daemon with a catalogue, and a case. On its clock each commit is signed at once.
    private func office() throws -> DaemonProcess {
        let daemon = try started()
        _ = try daemon.client().call("catalog.apply", SmallOffice.parameter()).get()
        try submit(daemon)
        return daemon
    }

    private func submit(_ daemon: DaemonProcess, _ count: Int = 1) throws {
        let client = try daemon.client()
        for number in 0..<count { _ = try client.call("case.submit", SmallOffice.submission("Shed \(number)")).get() }
    }

    private func witness(_ daemon: DaemonProcess, _ words: String...) throws -> Program {
        try daemon.casectl(["evidence", "witness", "--witnessed", path("witnessed")] + words)
    }

    /// That a start is refused, and with which sentence.
    private func expectRefused(_ sign: String, _ arguments: [String] = []) {
        do {
            try started(["--witnessed", path("witnessed")] + arguments).terminate()
            Issue.record("it started: \(sign)")
        } catch {
            // What it said at earlier starts stands before.
            let said = "\(error)".split(separator: "\n").last ?? ""
            #expect("\(error)".contains("ended with 78") && said.contains(sign), "\(sign): \(error)")
        }
    }

    private func copyState(to name: String) throws {
        try FileManager.default.copyItem(atPath: path("state"), toPath: path(name))
    }

    private func putState(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path("state"))
        try FileManager.default.copyItem(atPath: path(name), toPath: path("state"))
    }

    // MARK: Handing over

    @Test("A folder gets a file for each checkpoint, a command the newest one, and what is witnessed stays where nothing is new")
    func folderAndCommand() throws {
        let daemon = try office()
        try FileManager.default.createDirectory(atPath: path("notary"), withIntermediateDirectories: false)
        let first = try witness(daemon, "--folder", path("notary"))
        #expect(first.status == 0 && first.output.contains("2 entries are witnessed, 2 of them new"), "\(first.output)\(first.errors)")
        let again = try witness(daemon, "--folder", path("notary"), "--exec", "touch '\(path("asked"))'")
        #expect(
            again.status == 0 && again.output.contains("0 of them new") && !FileManager.default.fileExists(atPath: path("asked")),
            "\(again.errors)")
        try submit(daemon, 3)
        let next = try witness(daemon, "--folder", path("notary"), "--exec", "cat > '\(path("printed"))'")
        #expect(next.status == 0 && next.output.contains("5 entries are witnessed, 3 of them new"), "\(next.output)\(next.errors)")
        let log = try #require(try FileManager.default.contentsOfDirectory(atPath: path("notary")).first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path("notary/\(log)")).sorted() == ["2", "5"])
        #expect(try text("printed") == text("witnessed") && text("notary/\(log)/5") == text("witnessed"))
        let status = try daemon.casectl("evidence", "consistency", path("notary/\(log)/2"), path("notary/\(log)/5"))
        #expect(status.status == 0, "\(status.errors)")
        let missing = try witness(daemon, "--folder", path("nowhere"))
        #expect(missing.status == 66 && missing.errors.contains("is no folder"))
        daemon.terminate()
    }

    @Test(
        "A command that fails, hangs, says too much, or what no witness says, has witnessed nothing",
        arguments: [
            ("exit 3", 75, "the command ended with 3"), ("tail -f /dev/null", 75, "the command did not end within 1 s"),
            ("head -c 10000000 /dev/zero", 1, "the command said more than 65536 bytes"), ("echo garbage", 1, "malformed"),
            ("true", 1, "unsigned"), ("exit 127", 75, "the command ended with 127"),
        ] as [(String, Int32, String)])
    func badCommands(command: String, status: Int32, sign: String) throws {
        let daemon = try office()
        try Self.key.write(toFile: path("w.key"), atomically: true, encoding: .utf8)
        let program = try witness(daemon, "--exec", command, "--witness-key", path("w.key"), "--patience", "1")
        #expect(program.status == status && program.errors.contains(sign), "\(program.status) \(program.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("witnessed")))
        daemon.terminate()
    }

    @Test(
        "A witness of C2SP's rules, on Go's packages, checks the proof and signs; its signature is checked by Go, and another one's is refused",
        .enabled(if: GoVerifier.isThere, Comment(rawValue: GoVerifier.whereFrom)))
    func cosignatures() throws {
        let daemon = try office()
        let logKey = try daemon.casectl("evidence", "checkpoint", "--key").output.trimmingCharacters(in: .whitespacesAndNewlines)
        let origin = String(logKey.prefix { $0 != "+" })
        try Self.key.write(toFile: path("w.key"), atomically: true, encoding: .utf8)
        try logKey.write(toFile: path("log.key"), atomically: true, encoding: .utf8)
        func command(_ seed: String = Self.seed) -> String {
            "tee '\(path("body"))' | '\(GoVerifier.program)' witness '\(origin)' '\(logKey)' w.example \(seed) '\(path("seen"))'"
        }
        func ask(_ command: String, _ key: String = "w.key") throws -> Program {
            try witness(
                daemon, "--add-checkpoint", "--witness-key", path(key), "--exec", command, "--key", path("log.key"))
        }
        #expect(try ask(command()).status == 0)
        #expect(try text("body").hasPrefix("old 0\n\n\(origin)\n2\n"))
        let signed = try Program(GoVerifier.program, ["cosigned", path("witnessed"), Self.key])
        #expect(signed.status == 0 && signed.output.contains("w.example signed at"), "\(signed.output)")
        try submit(daemon, 10)
        #expect(try ask(command()).status == 0)
        #expect(try text("body").hasPrefix("old 2\n"))
        // Once what was witnessed is lost, the witness says how much it has seen.
        try FileManager.default.removeItem(atPath: path("witnessed"))
        try submit(daemon)
        let lost = try ask(command())
        #expect(lost.status == 0, "\(lost.errors)")
        #expect(try text("body").hasPrefix("old 12\n"))
        // Another key under the same name, and a key that has not signed.
        try submit(daemon)
        let before = try text("witnessed")
        let forged = try ask(command(String(repeating: "08", count: 32)))
        #expect(forged.status == 1 && forged.errors.contains("not believed"), "\(forged.errors)")
        let absent = try ask(command(), "log.key")
        #expect(absent.status == 1 && absent.errors.contains("not believed"), "\(absent.errors)")
        #expect(try text("witnessed") == before, "nothing counts as witnessed")
        // What it has seen is more than there is.
        let ahead = try ask("echo 1000")
        #expect(ahead.status == 65 && ahead.errors.contains("the witness has seen 1000 entries"), "\(ahead.errors)")
        daemon.terminate()
    }

    // MARK: Starts

    @Test("A store that is put back as it was, with all that lies beside it, is not started, and hands nothing over")
    func rollback() throws {
        var daemon = try office()
        daemon.terminate()
        try copyState(to: "before")
        daemon = try started()
        try submit(daemon, 4)
        #expect(try witness(daemon, "--exec", "true").status == 0)
        daemon.terminate()
        daemon = try started(["--witnessed", path("witnessed")])
        let status = try JSONReader.read(Array(try daemon.casectl("status", "--json").output.utf8))
        #expect(status["status"]?["evidence"]?["witnessed"]?["size"] == 6)
        #expect(try daemon.casectl("status").output.contains("last witnessed"))
        daemon.terminate()
        try putState("before")
        expectRefused("6 entries of its journal were witnessed, and it has 2: bring the store back")
        // No option lets it pass under the same name.
        let root = try text("witnessed").split(separator: "\n")[2]
        expectRefused("6 entries of its journal were witnessed", ["--witnessed-lost", String(root)])
        daemon = try started()
        let program = try witness(daemon, "--exec", "touch '\(path("asked"))'", "--new-log")
        #expect(program.status == 65 && program.errors.contains("an older store was put in its place"), "\(program.errors)")
        #expect(!FileManager.default.fileExists(atPath: path("asked")))
        // It goes on until it is as long: another history.
        try submit(daemon, 4)
        let fork = try witness(daemon, "--exec", "touch '\(path("asked"))'")
        #expect(fork.status == 65 && fork.errors.contains("there are two histories"), "\(fork.errors)")
        try submit(daemon, 4)
        #expect(try witness(daemon, "--exec", "true").status == 65)
        daemon.terminate()
        expectRefused("the first 6 entries of its journal are not those that were witnessed")
    }

    @Test("Another root of the same size is never written over the one that a folder has")
    func fork() throws {
        try FileManager.default.createDirectory(atPath: path("notary"), withIntermediateDirectories: false)
        var daemon = try office()
        daemon.terminate()
        try copyState(to: "before")
        for turn in 0..<2 {
            daemon = try started()
            try submit(daemon)
            let kept = path("witnessed-\(turn)")
            let program = try daemon.casectl(["evidence", "witness", "--witnessed", kept, "--folder", path("notary")])
            #expect(program.status == (turn == 0 ? 0 : 65), "\(program.output)\(program.errors)")
            #expect(FileManager.default.fileExists(atPath: kept) == (turn == 0))
            daemon.terminate()
            try putState("before")
        }
    }

    @Test("A restored store is held to what was witnessed, and passes where it lost none of it, or where an admin says what is lost")
    func restored() throws {
        var daemon = try office()
        #expect(try daemon.casectl("backup", path("early.sqlite")).status == 0)
        try submit(daemon, 2)
        #expect(try witness(daemon, "--exec", "true").status == 0)
        #expect(try daemon.casectl("backup", path("late.sqlite")).status == 0)
        daemon.terminate()
        for (copy, isWhole) in [("late.sqlite", true), ("early.sqlite", false)] {
            try FileManager.default.removeItem(atPath: path("state"))
            let restored = try Program("cased", ["--state-directory", path("state"), "--restore", path(copy)])
            #expect(restored.status == 0, "\(restored.errors)")
            guard !isWhole else {
                daemon = try started(["--witnessed", path("witnessed")])
                daemon.terminate()
                continue
            }
            let root = String(try text("witnessed").split(separator: "\n")[2])
            expectRefused("has not all of them: restore a newer backup; where there is none, say so in its options: witnessed-lost = ")
            expectRefused("has not all of them", ["--witnessed-lost", "x"])
            try "witnessed = \"\(path("witnessed"))\"\nwitnessed-lost = \"\(root)\"\n".write(
                toFile: path("cased.toml"), atomically: true, encoding: .utf8)
            daemon = try started(["--config", path("cased.toml")])
            // On this clock nothing is signed before something is committed.
            try submit(daemon)
            #expect(daemon.log.contains("were witnessed and are lost, as the options allow"))
            let refused = try witness(daemon, "--exec", "true")
            #expect(refused.status == 65 && refused.errors.contains("--new-log"), "\(refused.errors)")
            let said = try witness(daemon, "--exec", "true", "--new-log")
            #expect(said.status == 0, "\(said.errors)")
            daemon.terminate()
            daemon = try started(["--witnessed", path("witnessed")])
            #expect(daemon.log.matches(of: /as the options allow/).count == 1, "what was witnessed is of the new log")
            daemon.terminate()
        }
    }

    @Test("A file of what was witnessed that is gone, is no file, or says nothing that was signed, is said")
    func unreadable() throws {
        let daemon = try office()
        #expect(try witness(daemon, "--exec", "true").status == 0)
        daemon.terminate()
        let whole = try text("witnessed")
        for (name, content) in [("empty", ""), ("cut", String(whole.dropLast(20))), ("another text", "x\n")] {
            try content.write(toFile: path("witnessed"), atomically: true, encoding: .utf8)
            expectRefused("is no signed checkpoint")
            #expect(try text("witnessed") == content, "\(name)")
        }
        try whole.replacing("\n2\n", with: "\n0\n").write(toFile: path("witnessed"), atomically: true, encoding: .utf8)
        expectRefused("is no signed checkpoint")
        let root = whole.split(separator: "\n")[2]
        try whole.replacing(root, with: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").write(
            toFile: path("witnessed"), atomically: true, encoding: .utf8)
        expectRefused("is not what was signed")
        try FileManager.default.removeItem(atPath: path("witnessed"))
        expectRefused("is no file that can be read")
        #expect(mkfifo(path("witnessed"), 0o600) == 0)
        expectRefused("is no file that can be read")
    }
}
