import ArgumentParser
import CaseCore
import CaseWire
import Catalogue
import FoundationEssentials
import Glibc
import SystemPackage

struct CatalogGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: Say.text("The list of powers and responsibilities."),
        subcommands: [
            Init.self, ExplainKeys.self, Schema.self, Check.self, Edit.self, Plan.self, Apply.self, Confirm.self,
            Cancel.self, Versions.self, Diff.self, Get.self, Publish.self,
            Guide.self, Guides.self,
        ])

    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("What a catalogue would change, for which running cases, and whose deadlines move."),
            discussion: """
                Exits with 1 where apply would be refused, and says why.

                Examples: casectl catalog plan catalog; casectl catalog plan --version 3
                """)
        @OptionGroup var server: Server
        @OptionGroup var candidate: Candidate
        @OptionGroup var earlier: Earlier

        func validate() throws {
            try candidate.requireRange()
        }

        func run() throws {
            try ending {
                let plan = try server.callShowingProgress(.catalogPlan, [candidate.member(server)] + earlier.members)
                server.show(plan) { CatalogGroup.describe($0, Times(server)) }
                try CatalogGroup.requireAllowed(plan)
            }
        }
    }

    struct Apply: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Make a catalogue the next version."),
            discussion: """
                Changed calendars and limits reach the running cases one bounded batch after the other, beside other work; \
                casectl status shows how far that is, and --wait waits for it.

                Examples: casectl catalog apply catalog --if-version 3 --wait; casectl catalog apply --version 3
                """)
        @OptionGroup var server: Server
        @OptionGroup var candidate: Candidate
        @Option(help: "Refuse unless the newest version is this one, as the plan said.") var ifVersion: Int?
        @OptionGroup var earlier: Earlier
        @Flag(help: "Wait until changed rules have reached all running cases.") var wait = false
        @OptionGroup var noDryRun: NoDryRun

        func validate() throws {
            try noDryRun.refuse("--dry-run is not taken here: casectl catalog plan says what it would change")
            try candidate.requireRange()
            try require(ifVersion, of: "--if-version", from: 0)
        }

        func run() throws {
            try ending {
                let parameters =
                    [try candidate.member(server)] + (ifVersion.map { [.init("if_version", .integer($0))] } ?? []) + earlier.members
                server.show(try server.call(.catalogApply, parameters)) { CatalogGroup.describe($0, Times(server)) }
                if wait { try waitForClocks() }
            }
        }

        /// Says on a terminal how far it is.
        private func waitForClocks() throws {
            var progress: Progress?
            while let job = try server.call(.serverInfo)["reprojection"], let total = job["cases"]?.integer {
                if progress == nil { progress = Progress(of: Int(total)) }
                progress?.show(Int(job["done"]?.integer ?? 0))
                usleep(200_000)
            }
            progress?.end()
        }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: Say.text("Give up a catalogue that waits for its day."))
        @OptionGroup var server: Server
        @OptionGroup var dryRun: DryRun

        func run() throws {
            try ending {
                server.show(try server.call(.catalogCancel, dryRun.members)) {
                    let day = Times(server)($0, "effective") ?? ""
                    return dryRun.dryRun
                        ? Say.fill("The catalogue for {} would be given up; nothing was changed.", day)
                        : Say.fill("The catalogue for {} is given up.", day)
                }
            }
        }
    }

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: Say.text("Print the files of a version."))
        @OptionGroup var server: Server
        @Option(help: "A version; by default the newest.") var version: Int?
        @Flag(help: "The catalogue that waits for its day.") var pending = false

        func validate() throws {
            try require(version, of: "--version", from: 1)
            guard version == nil || !pending else { throw ValidationError("--pending goes with no --version: leave one of them out") }
        }

        func run() throws {
            try ending {
                let parameters =
                    (version.map { [JSONValue.Member("version", .integer($0))] } ?? []) + (pending ? [.init("pending", .bool(true))] : [])
                server.show(try server.call(.catalogGet, parameters)) { result in
                    (result["files"]?.members ?? []).map { file in
                        let lines = (file.value.string ?? "").split(separator: "\n", omittingEmptySubsequences: false)
                        return "# \(Terminal.plain(file.name))\n" + lines.map { Terminal.plain(String($0)) }.joined(separator: "\n")
                    }.joined(separator: "\n")
                }
            }
        }
    }

}
