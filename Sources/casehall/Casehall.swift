import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import SystemdSupport

/// The hall's command line.
@main
struct Casehall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "casehall",
        abstract: "Shows the approval cases of cased to the public, to applicants and to the office, as pages.",
        discussion: """
            Runs in the foreground and speaks HTTP/1.1 behind a reverse proxy, on a socket that systemd opened, a loopback address or a Unix \
            socket. It is a client of the daemon's socket like any other: the catalogue binds its unix user to a service, and what that \
            may is all that it may.

            Exit codes: 0 after SIGTERM or SIGINT; 64 wrong options; 78 a configuration that a person must mend; 1 it failed while running.
            """,
        version: "0.1.0")

    @OptionGroup var options: HallOptions

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        var log = Logger(label: "casehall")
        log.logLevel = options.logLevel
        // Who goes away while it is written to is no reason to die.
        signal(SIGPIPE, SIG_IGN)
        do {
            let hall = try await Hall(options, log)
            guard !options.checkConfig else { return }
            let endpoint = try Endpoint(options)
            try await HTTPService(hall, endpoint, log).runUntilStopped()
        } catch let error as Unusable {
            log.error("\(error.description)")
            Systemd.notify("STATUS=\(error.description.replacing("\n", with: " "))")
            throw ExitCode(78)
        }
    }
}

/// What a person has to mend, in a sentence that says how.
struct Unusable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
