import CaseCore
import CaseWire
import Catalogue
import WorkingTime

/// What a reader has to know of a report before its figures: whose they are, of which days, and of when.
package struct ReportHeading {
    package let facts: [(label: String, value: String)]
    /// Why there is nothing to be seen in its period; nil where there is something.
    package let emptiness: String?
    /// What is said of rows whose names the catalogue does not have any more; nil where it has all.
    package let former: String?
    /// In how many zones the calendars of its cases lie.
    package let zoneCount: Int

    /// So many departments are named.
    private static let departmentLimit = 3

    /// - Parameters:
    ///   - asked: the filter, member by member.
    ///   - former: names of rows that the catalogue does not have any more.
    ///   - ended: the day with which the last report ended, where none has passed since.
    package init(_ result: JSONValue, asked: [(name: String, value: String)], former: [String] = [], ended: Day?, _ language: Language) {
        let words = language.reportWords
        let name = result.cell("zone") ?? ""
        let zone = try? ZoneFile.zone(named: name)
        let departments = (result["administration"]?.array ?? []).compactMap(\.string)
        let others = departments.count - ReportHeading.departmentLimit
        let further = others > 0 ? (language == .zh ? "等 \(departments.count) 个部门" : " and \(others) more") : ""
        let at = result.cell("at").flatMap { Instant($0) }
        let made = [at.flatMap { at in zone.map { language.instant(at, in: $0) } }, at.map { "\($0)" }].compactMap { $0 }
        let (opening, closing) = language == .zh ? ("（", "）") : (" (", ")")
        let zones = (result["zones"]?.array ?? []).compactMap(\.string)
        zoneCount = zones.count
        facts = [
            (words.administration, language.list(Array(departments.prefix(ReportHeading.departmentLimit))) + further),
            (
                words.cases,
                asked.isEmpty
                    ? words.allCases : language.list(asked.map { "\((words.keys[$0.name] ?? $0.name).lowercased()) \($0.value)" })
            ),
            (words.period, ReportHeading.period(result, language)),
            (words.days, ReportHeading.days(name, zones, language)),
            (words.catalog, language.version(result.cell("catalog_version") ?? "")),
            (words.made, (made.first ?? "") + (made.count > 1 ? opening + made[1] + closing : "")),
        ].filter { !$0.1.isEmpty }
        self.former = former.isEmpty ? nil : language.former(former)
        emptiness = ReportHeading.emptiness(result, ended, language)
    }

    /// With its last day, where the server says the day after it.
    private static func period(_ result: JSONValue, _ language: Language) -> String {
        let words = language.reportWords
        let first = result.cell("from").flatMap { Day($0) }
        let last = result.cell("to").flatMap { Day($0) }.map { $0.advanced(by: -1) }
        if let first, let last, first > last { return language == .zh ? "无" : "no day" }
        switch (language, first, last) {
        case (_, nil, nil): return words.allTime
        case (.en, let first?, nil): return "from \(language.day(first)) until now"
        case (.en, nil, let last?): return "\(words.through) \(language.day(last))"
        case (.en, let first?, let last?):
            return first == last ? language.day(first) : "\(language.day(first)) \(words.through) \(language.day(last))"
        case (.zh, let first?, nil): return "自\(language.day(first))起"
        case (.zh, nil, let last?): return "截至\(language.day(last))"
        case (.zh, let first?, let last?):
            return first == last ? language.day(first) : "\(language.day(first))\(words.through)\(language.day(last))"
        }
    }

    private static func days(_ zone: String, _ zones: [String], _ language: Language) -> String {
        guard zones.count > 1 else { return zone }
        return switch language {
        case .en:
            "a day is over when it is in \(zone), where that is last; each case counts by its own calendar (\(language.list(zones)))"
        case .zh: "以最晚结束的 \(zone) 为准；各案件按其日历计算（\(language.list(zones))）"
        }
    }

    private static func emptiness(_ result: JSONValue, _ ended: Day?, _ language: Language) -> String? {
        if let ended {
            return switch language {
            case .en: "No whole day has passed since \(language.day(ended)), with which the last report ended."
            case .zh: "自上次报表截止日\(language.day(ended))以来，尚未经过完整的一日。"
            }
        }
        guard Measure.allCases.allSatisfy({ result["total"]?[$0.rawValue]?.integer == 0 }) else { return nil }
        return switch language {
        case .en: "In this period nothing was received, decided or otherwise done."
        case .zh: "本期间内没有收件、办结或其他办理事项。"
        }
    }
}

extension Language {
    fileprivate func former(_ names: [String]) -> String {
        switch self {
        case .en:
            "No longer in the catalogue: \(list(names)). Their rows say what they received and decided; what they had open is with whoever took over."
        case .zh: "权责清单中已不存在：\(list(names))。其数据为当时收件和办结情况；其在办案件由承接者办理。"
        }
    }

    /// What stands beside the share of decisions in time, which says nothing of cases that are still open; nil where none of these is overdue.
    package func besides(overdue count: Int) -> String? {
        guard count > 0 else { return nil }
        return switch self {
        case .en:
            count == 1 ? "; not among them is 1 open case that is overdue" : "; not among them are \(count) open cases that are overdue"
        case .zh: "；另有 \(count) 件在办案件已逾期，未计入"
        }
    }

    package func version(_ number: String) -> String {
        switch self {
        case .en: "version \(number)"
        case .zh: "第 \(number) 版"
        }
    }
}
