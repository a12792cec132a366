import ArgumentParser
import CasePages
import Catalogue
import FoundationEssentials
import Glibc
import WorkingTime

extension HolidayImport.Options.EndDay: ExpressibleByArgument {}

extension CalendarGroup {
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Take a published year of holidays over into a catalogue."),
            discussion: """
                Reads a year's JSON ({"year": 2026, "days": [{"name", "date", "isOffDay"}]}) or an iCalendar file (RFC 5545). Before anything is \
                taken over it prints what of the file is left out, such as events that were called off; how words were understood; what somebody has \
                to decide; and each day that differs from what the catalogue has. Nothing is written without --write. A calendar uses the list \
                when it names it: holidays = ["cn-2026"]. Exits with 1, and writes nothing, where something is to be decided, the file cannot be \
                read, or the catalogue would break a rule; with 66 where a file is not there.
                Example: casectl calendar import 2027.ics --year 2027 --catalog catalog --list cn-2027
                """)
        @Argument(help: ArgumentHelp("The published file.", valueName: "file")) var path: String
        @Option(help: ArgumentHelp("The folder of the catalogue.", valueName: "dir")) var catalog: String
        @Option(help: ArgumentHelp("The list's name in the catalogue, such as cn-2026.", valueName: "name")) var list: String
        @Option(help: "The year that is meant, where an iCalendar file has several.") var year: Int?
        @Option(
            help: ArgumentHelp(
                """
                A whole word that marks an event of an iCalendar file as a make-up working day, and no other one then; repeat it for more. By \
                default \(MakeUpWords.usual.joined(separator: ", ")), and the make-up-words of the calendars that name the list.
                """, valueName: "word")) var workedWord: [String] = []
        @Option(
            help: ArgumentHelp(
                "This day of the file is off, whatever the file says; repeat it for more.", valueName: "day"), transform: day)
        var off: [Day] = []
        @Option(
            help: ArgumentHelp(
                "This day of the file is a make-up working day, whatever the file says; repeat it for more.", valueName: "day"),
            transform: day)
        var worked: [Day] = []
        @Option(
            help: ArgumentHelp(
                "What DTEND is in an iCalendar file: \"after\", the day after the last one, as RFC 5545 has it; or \"last\", the last one.",
                valueName: "which")) var endDay: HolidayImport.Options.EndDay?
        @Flag(help: "Take a year over that has no day which differs from its weekday.") var emptyYear = false
        @Flag(help: "Write the list into the catalogue's folder.") var write = false

        func validate() throws {
            if let word = workedWord.first(where: { !MakeUpWords.isWord($0) }) {
                throw ValidationError("--worked-word \"\(word)\" is no word")
            }
            if let day = Set(off).intersection(worked).min() { throw ValidationError("\(day) cannot be --off and --worked") }
            try require(year, of: "--year", from: 1, through: 9999)
        }

        func run() throws {
            try ending {
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw Failure(code: .notFound, message: "\(path) cannot be read", hint: "name the published file")
                }
                let folder = try CatalogGroup.folder(catalog, with: [])
                let present = try checked(folder.files, foreign: folder.foreign)
                let file = try fileName(folder, present)
                let read = try read(Array(data), into: present)
                let (published, old) = (read.list, present.holidayLists[list]?.list)
                let differences = published.differences(from: old)
                StandardOutput.print((notes(read) + [text(differences)]).joined(separator: "\n\n"))
                if let question = read.questions.first {
                    throw Failure(
                        code: .refused,
                        message:
                            "nothing is taken over: \(read.questions.count == 1 ? "something is" : "\(read.questions.count) things are") to be decided",
                        hint: question.mend)
                }
                if let held = old?.year, let year = published.year, held != year {
                    throw Failure(
                        code: .refused, message: "nothing is taken over: holidays.\(list) holds \(held), which would be lost",
                        hint: "name a list for \(year) with --list, and add it to the holidays of the calendar")
                }
                guard !differences.isEmpty || old?.year != published.year || old?.source != published.source else {
                    return StandardOutput.print("\nNothing differs.")
                }
                var changed = folder.files
                changed[file] = published.text(name: list)
                // What it leads to is checked before anything is taken over.
                let next = try checked(changed)
                guard write else {
                    StandardOutput.print("\nNothing was written: add --write to take it over.")
                    return
                }
                try WholeFile.write(changed[file]!, to: "\(catalog)/\(file)")
                StandardOutput.print("\nWritten to \(Terminal.plain("\(catalog)/\(file)")).")
                StandardOutput.print(
                    next.isNamed(list: list)
                        ? "Next: casectl catalog plan \(Terminal.plain(catalog))"
                        : "Next: add \"\(Terminal.plain(list))\" to the holidays of a calendar, and look at its valid-through.")
            }
        }

        /// The file of the folder that the list makes up: it takes the place of whatever stands there.
        private func fileName(_ folder: CatalogueFolder, _ present: Catalogue) throws(Failure) -> String {
            let file = "holidays-\(list).toml"
            if let place = present.holidayLists[list]?.file, place != file {
                throw Failure(
                    code: .refused, message: "holidays.\(list) is declared in \(place)",
                    hint: "move it to \(file), or choose another --list")
            }
            if let others = folder.files[file].map({ HolidayList.entries(in: $0, besides: list) }), !others.isEmpty {
                throw Failure(
                    code: .refused, message: "\(file) also holds \(others.joined(separator: ", ")), which would be lost",
                    hint: "move that to a file of its own, or choose another --list")
            }
            return file
        }

        private func read(_ bytes: [UInt8], into catalogue: Catalogue) throws(Failure) -> HolidayImport {
            var options = HolidayImport.Options()
            options.year = year
            options.words = MakeUpWords(workedWord.isEmpty ? MakeUpWords.usual + catalogue.makeUpWords(forList: list) : workedWord)
            options.endDay = endDay
            for day in off { options.decided[day] = .off }
            for day in worked { options.decided[day] = .worked }
            options.allowsEmptyYear = emptyYear
            do throws(HolidayImport.Unreadable) { return try HolidayImport(bytes, options) } catch {
                throw Failure(code: .refused, message: "\(path): \(error.description)", hint: nil)
            }
        }

        private func checked(_ files: [String: String], foreign: [String: ForeignText] = [:]) throws -> Catalogue {
            do throws(Catalogue.Refused) {
                return try Catalogue(files: files, unreadable: foreign)
            } catch {
                StandardOutput.print(error.findings.lines.map(Terminal.plain).joined(separator: "\n"))
                throw ExitCode(Failure.Code.refused.rawValue)
            }
        }

        /// What somebody has to know besides the days that differ.
        private func notes(_ read: HolidayImport) -> [String] {
            func part(_ head: String, _ lines: [String]) -> String? {
                lines.isEmpty ? nil : ([head] + lines.map { "  \(Terminal.plain($0))" }).joined(separator: "\n")
            }
            return [
                part("Left out:", read.leftOut.map(\.description)), part("Understood:", read.understood.map(\.description)),
                part("To be decided:", read.questions.map(\.description)),
            ].compactMap { $0 }
        }

        private func text(_ differences: [HolidayList.Difference]) -> String {
            var table = Table(["DAY", "WEEKDAY", "BEFORE", "AFTER"])
            for change in differences {
                table.add([
                    change.day.description, Say.cell("weekday", "\(change.day.weekday)"), change.before.map(describe),
                    change.after.map(describe),
                ])
            }
            let otherwise = differences.filter { $0.before != nil && $0.after != nil && $0.before?.kind != $0.after?.kind }.map(
                \.day.description)
            let remark =
                otherwise.isEmpty
                ? "" : "\n\nNamed before, and with another meaning now: \(otherwise.joined(separator: ", "))."
            return table.text + remark
        }

        private func describe(_ entry: HolidayList.Entry) -> String {
            switch entry.kind {
            case .off: "off: \(entry.name)"
            case .partly(let windows): "\(windows.map(\.description).joined(separator: " ")): \(entry.name)"
            case .worked(nil): "worked: \(entry.name)"
            case .worked(let windows?): "worked \(windows.map(\.description).joined(separator: " ")): \(entry.name)"
            }
        }
    }
}

/// A day of the published file.
private func day(_ text: String) throws -> Day {
    guard let day = Day(text) else { throw ValidationError("\(text) is no day: write it as in 2026-02-14") }
    return day
}
