import ArgumentParser
import CaseCore
import CasePages
import CaseWire
import Catalogue
import WorkingTime

extension CalendarGroup {
    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Say.text("Which days two catalogues count differently, and whose deadlines move by that."),
            discussion: """
                Each of the two is a version, by its number, or a folder. Without the second, a folder is compared with the newest version, and a \
                version with the newest one; without both, the newest version with the one before it. Two folders need no server. \
                Where one of them is a version, admins also see what the calendars of the second would do to the running cases, were they applied \
                to the newest version now and nothing else with them. Examples: casectl calendar diff catalog; casectl calendar diff 3 4 --calendar cn
                """)
        @OptionGroup var server: Server
        @Argument(help: "A version, or a folder with .toml files.", completion: .directory) var from: String?
        @Argument(help: "Another one.", completion: .directory) var to: String?
        @OptionGroup var further: CatalogGroup.Further
        @Option(help: "Only this calendar; by default all of them.") var calendar: String?

        func run() throws {
            try ending {
                let given = [from, to].compactMap { $0 }
                let isFolder = given.map { Int($0) == nil }
                guard further.with.isEmpty || isFolder.contains(true) else {
                    throw Failure(code: .usage, message: "--with goes with a folder", hint: "name the folder that it belongs to")
                }
                let (before, after) = try sides(given, isFolder)
                let names = try calendars(before, after)
                let impact = isFolder == [true, true] ? nil : try Impact(of: after, server)
                server.show(Diff.compared(before, after, names, impact)) { Diff.text($0, Times(server)) }
            }
        }

        private func sides(_ given: [String], _ isFolder: [Bool]) throws -> (CatalogGroup.Side, CatalogGroup.Side) {
            func side(_ name: String?) throws -> CatalogGroup.Side { try CatalogGroup.side(name, server, with: further.with) }
            switch given.count {
            case 0:
                let newest = try side(nil)
                guard let version = newest.name.integer, version > 1 else {
                    throw Failure(
                        code: .notFound, message: "there is no version before the newest one", hint: "name a folder to compare it with")
                }
                return (try side("\(version - 1)"), newest)
            // A folder by itself is what would come next.
            case 1: return isFolder[0] ? (try side(nil), try side(given[0])) : (try side(given[0]), try side(nil))
            default: return (try side(given[0]), try side(given[1]))
            }
        }

        /// The calendars that are meant, of either.
        private func calendars(_ before: CatalogGroup.Side, _ after: CatalogGroup.Side) throws -> [Identifier<WorkingCalendar>] {
            let all = Set(before.catalog.register.calendars.keys).union(after.catalog.register.calendars.keys).sorted()
            guard let calendar else { return all }
            guard all.contains(Identifier(calendar)) else {
                throw Failure(
                    code: .notFound, message: "neither has a calendar \"\(calendar)\"",
                    hint: all.isEmpty ? nil : "one of \(all.map(\.raw).joined(separator: ", "))")
            }
            return [Identifier(calendar)]
        }

        /// What calendars would do to the running cases, as the server plans it.
        private struct Impact {
            /// To which version they would be applied.
            let version: JSONValue
            /// Nil where that could not be told.
            private(set) var clocks: JSONValue?
            private(set) var reason: String?

            init(of side: CatalogGroup.Side, _ server: Server) throws {
                let newest = try CatalogGroup.side(nil, server, with: [])
                version = newest.name
                guard let files = CatalogueMerge.exchangingCalendars(of: newest.catalog.files, for: side.catalog.files) else {
                    reason = "the calendars do not stand under headings of their own: casectl catalog plan tells it for the whole catalogue"
                    return
                }
                do {
                    clocks = try server.callShowingProgress(.catalogPlan, [CatalogGroup.member(files)])["clocks"]
                } catch let failure as Failure where [.refused, .notPermitted].contains(failure.code) {
                    reason = failure.message
                }
            }
        }

        // MARK: As JSON

        private static func compared(
            _ before: CatalogGroup.Side, _ after: CatalogGroup.Side, _ names: [Identifier<WorkingCalendar>], _ impact: Impact?
        ) -> JSONValue {
            let calendars = names.compactMap { name -> JSONValue? in
                let (old, new) = (before.catalog.register.calendars[name], after.catalog.register.calendars[name])
                var members: [JSONValue.Member] = [.init("calendar", .string(name.raw))]
                switch (old, new) {
                case (let old?, let new?):
                    let difference = old.difference(to: new)
                    guard !difference.isEmpty else { return nil }
                    members += [.init("change", .string("changed"))] + Diff.members(difference)
                case (nil, _): members.append(.init("change", .string("added")))
                case (_, nil): members.append(.init("change", .string("removed")))
                }
                return .object(members)
            }
            var members: [JSONValue.Member] = [
                .init("from", before.name), .init("to", after.name), .init("calendars", .array(calendars)),
            ]
            if let impact {
                members += [
                    .init("applied_to", impact.version), .init("clocks", impact.clocks ?? .null),
                    .init("not_told", impact.reason.map { .string($0) } ?? .null),
                ]
            }
            return .object(members)
        }

        private static func members(_ difference: CalendarDifference) -> [JSONValue.Member] {
            func windows(_ windows: [WorkingWindow]) -> JSONValue { .array(windows.map { .string($0.description) }) }
            func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
            func object(_ members: (String, JSONValue)...) -> JSONValue {
                .object(members.map { .init($0.0, $0.1) })
            }
            return [
                .init(
                    "values",
                    .array(
                        difference.values.map { object(("key", .string($0.key)), ("from", .string($0.before)), ("to", .string($0.after))) })
                ),
                .init(
                    "weekdays",
                    .array(
                        difference.weekdays.map {
                            object(("weekday", .string("\($0.weekday)")), ("from", windows($0.before)), ("to", windows($0.after)))
                        })),
                .init(
                    "days",
                    .array(
                        difference.days.map {
                            object(
                                ("day", .string($0.day.description)), ("weekday", .string("\($0.day.weekday)")),
                                ("from", windows($0.before)),
                                ("to", windows($0.after)), ("name_from", text($0.nameBefore)), ("name_to", text($0.nameAfter)),
                                ("counts_otherwise", .bool($0.isCountedOtherwise)))
                        })),
            ]
        }

        // MARK: For people

        private static func text(_ result: JSONValue, _ times: Times) -> String {
            func name(_ key: String) -> String {
                result[key]?.string ?? result.cell(key).map { Say.fill("version {}", $0) } ?? Say.fill("no version")
            }
            let head = Terminal.plain(Say.fill("From {} to {}:", name("from"), name("to")))
            let calendars = result["calendars"]?.array ?? []
            guard !calendars.isEmpty else { return "\(head) " + Say.fill("no calendar counts otherwise.") }
            return ([head] + calendars.map(calendar) + impact(result, name("to"), times)).joined(separator: "\n\n")
        }

        private static func calendar(_ calendar: JSONValue) -> String {
            let name = calendar.cell("calendar") ?? ""
            switch calendar.cell("change") {
            case "added": return Terminal.plain(Say.fill("calendar {} is added.", name))
            case "removed": return Terminal.plain(Say.fill("calendar {} is removed.", name))
            default: break
            }
            var parts = [Terminal.plain(Say.fill("calendar {}", name))]
            parts += (calendar["values"]?.array ?? []).map {
                Terminal.plain("  \($0.cell("key") ?? ""): \($0.cell("from") ?? "") → \($0.cell("to") ?? "")")
            }
            for weekday in calendar["weekdays"]?.array ?? [] {
                let day = Say.cell("weekday", weekday.cell("weekday") ?? "")
                parts.append("  " + Say.fill("every {}: {} → {}", day, worked(weekday["from"]), worked(weekday["to"])))
            }
            let days = calendar["days"]?.array ?? []
            if !days.isEmpty {
                var table = Table(["DAY", "WEEKDAY", "BEFORE", "AFTER", "REMARK"])
                for day in days {
                    func side(_ key: String) -> String {
                        [worked(day[key]), day.cell("name_\(key)")].compactMap { $0 }.joined(separator: ": ")
                    }
                    table.add([
                        day.cell("day"), day.cell("weekday").map { Say.cell("weekday", $0) }, side("from"), side("to"),
                        day["counts_otherwise"]?.bool == true ? nil : Say.fill("only the name"),
                    ])
                }
                parts += [""] + [table.text]
            }
            return parts.joined(separator: "\n")
        }

        private static func worked(_ windows: JSONValue?) -> String {
            let texts = (windows?.array ?? []).compactMap(\.string)
            return texts.isEmpty ? Say.fill("off") : Say.fill("worked {}", texts.joined(separator: " "))
        }

        private static func impact(_ result: JSONValue, _ name: String, _ times: Times) -> [String] {
            guard let version = result.cell("applied_to") else {
                return [Say.fill("What it does to running cases is told where one of the two is a version.")]
            }
            let subject = Say.fill("The calendars of {}, applied to version {} now", name, version)
            if let reason = result.cell("not_told") {
                return [Terminal.plain(Say.fill("{}: what that does is not told: {}", subject, Say.line(reason)))]
            }
            let clocks = result["clocks"].map { CatalogGroup.clocks($0, times) } ?? []
            return [
                clocks.isEmpty
                    ? Terminal.plain(Say.fill("{}, move no running clock.", subject))
                    : ([Terminal.plain("\(subject):")] + clocks).joined(separator: "\n")
            ]
        }
    }
}
