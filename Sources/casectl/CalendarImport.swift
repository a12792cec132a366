import ArgumentParser
import Catalogue
import FoundationEssentials
import Glibc
import WorkingTime

extension CalendarGroup {
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Take a published year of holidays over into a catalogue."),
            discussion: """
                Reads a year's JSON ({"year": 2026, "days": [{"name", "date", "isOffDay"}]}) or an iCalendar file, and prints each \
                day that differs from what the catalogue has. Nothing is written without --write. A calendar uses the list \
                when it names it: holidays = ["cn-2026"].
                """)
        @Argument(help: ArgumentHelp("The published file.", valueName: "file")) var path: String
        @Option(help: ArgumentHelp("The folder of the catalogue.", valueName: "dir")) var catalog: String
        @Option(help: ArgumentHelp("The list's name in the catalogue, such as cn-2026.", valueName: "name")) var list: String
        @Option(help: "The year that is meant, where an iCalendar file has several.") var year: Int?
        @Option(
            help: ArgumentHelp(
                "A word that marks an event of an iCalendar file as a make-up working day; repeat it for more. Unless said: 班, make-up, working day.",
                valueName: "word")) var workedWord: [String] = []
        @Flag(help: "Write the list into the catalogue's folder.") var write = false

        func validate() throws {
            try require(year, of: "--year", from: 1, through: 9999)
        }

        func run() throws {
            try ending {
                let published = try readPublished()
                let folder = try CatalogGroup.folder(catalog, with: [])
                let present = try checked(folder.files, foreign: folder.foreign).holidayLists[list]
                let files = folder.files
                let file = "holidays-\(list).toml"
                if let present, present.file != file {
                    throw Failure(
                        code: .refused, message: "holidays.\(list) is declared in \(present.file)",
                        hint: "move it to \(file), or choose another --list")
                }
                let differences = published.differences(from: present?.list)
                StandardOutput.print(text(differences))
                let isSame = differences.isEmpty && present?.list.year == published.year && present?.list.source == published.source
                guard !isSame else { return StandardOutput.print("\nNothing differs.") }
                var changed = files
                changed[file] = published.text(name: list)
                // What it leads to is checked before anything is taken over.
                let register = try checked(changed).register
                guard write else {
                    StandardOutput.print("\nNothing was written: add --write to take it over.")
                    return
                }
                try WholeFile.write(changed[file]!, to: "\(catalog)/\(file)")
                StandardOutput.print("\nWritten to \(Terminal.plain("\(catalog)/\(file)")).")
                let isUsed = register.calendars.values.contains { calendar in
                    published.days.keys.contains { calendar.exceptions[$0] != nil }
                }
                StandardOutput.print(
                    isUsed
                        ? "Next: casectl catalog plan \(Terminal.plain(catalog))"
                        : "Next: add \"\(Terminal.plain(list))\" to the holidays of a calendar, and look at its valid-through.")
            }
        }

        private func readPublished() throws -> HolidayList {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw Failure(code: .notFound, message: "\(path) cannot be read", hint: "name the published file")
            }
            do throws(HolidayImport.Unreadable) {
                guard !workedWord.isEmpty else { return try HolidayImport.list(Array(data), year: year) }
                return try HolidayImport.list(Array(data), year: year, workedWords: workedWord)
            } catch {
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

        private func text(_ differences: [(day: Day, before: HolidayList.Entry?, after: HolidayList.Entry?)]) -> String {
            var table = Table(["DAY", "WEEKDAY", "BEFORE", "AFTER"])
            for (day, before, after) in differences {
                table.add([day.description, "\(day.weekday)", before.map(describe), after.map(describe)])
            }
            return table.text
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
