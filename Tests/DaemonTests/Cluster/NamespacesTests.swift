import Foundation
import Testing

@Suite(
    "Machines of a test's own", .serialized,
    .enabled(if: Namespaces.isThere, "as root, with: apt-get install iptables postgresql-15"))
struct NamespacesTests {
    @Test("One reaches another, not where something is cut, and again once it is mended; nobody is reached outside")
    func cuts() throws {
        let namespaces = try Namespaces(["a1", "a2"], megabytes: 1)
        try namespaces.start(["nc", "-k", "-l", "7000"], on: "a2", log: "nc.log")
        func isReached(_ machine: String) -> Bool {
            (try? namespaces.run("nc -z -w 1 10.77.0.2 7000", on: machine)) != nil
        }
        try wait(seconds: 10, for: "a2") { isReached("a1") }
        for cut in Namespaces.Cut.allCases {
            for machine in ["a1", "a2"] {
                try namespaces.cut(machine, cut)
                #expect(!isReached("a1"), "\(cut.rawValue) of \(machine)")
                try namespaces.mend(machine)
                try wait(seconds: 10, for: "a2 once \(cut.rawValue) of \(machine) is mended") { isReached("a1") }
            }
        }
        #expect(try namespaces.run("ip route show", on: "a1").split(separator: "\n").count == 1)
    }

    @Test("What runs there, what is mounted there and the folder go with them")
    func end() throws {
        var namespaces: Namespaces? = try Namespaces(["a1"], megabytes: 1)
        let folder = namespaces!.folder
        // Nobody else has a process that waits just so long.
        let length = "\(1_000_000 + getpid())"
        try namespaces!.start(["sleep", length], on: "a1", log: "sleep.log")
        func isRunning() throws -> Bool {
            try FileManager.default.contentsOfDirectory(atPath: "/proc").contains { name in
                guard Int(name) != nil, let words = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") else { return false }
                return words == Data("sleep\0\(length)\0".utf8)
            }
        }
        try wait(seconds: 10, for: "a process") { try isRunning() }
        #expect(throws: Namespaces.Failed.self) { try namespaces!.run("false") }
        try namespaces!.kill("a1")
        #expect(try !isRunning())
        try namespaces!.start(["sleep", length], on: "a1", log: "sleep.log")
        namespaces = nil
        #expect(try !isRunning())
        #expect(!FileManager.default.fileExists(atPath: folder))
        #expect(try !String(contentsOfFile: "/proc/mounts", encoding: .utf8).contains(folder))
    }
}
