import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// What the pages for applicants say, in one language. `{}` stands for what differs.
struct ApplicantWords: Sendable {
    let language: Language
    // Who asks.
    let logInTitle, logIn, noFolderTitle, noFolder: String
    // Before an application.
    let applyTitle, applyLink, begin, begunHeading, toGuide, said, filesAre, keptText: String
    // The form.
    let title, titleHelp, titleMissing, area, areaHelp, areaMissing: String
    let chooseFile, chooseOtherFile, removeFile, paperText, paperAt, continueText, saveText: String
    let fileHelpText, numberHint, dateHint, longestHint: String
    let missingText, missingChoice, tooLongText, severalLines, noNumber, noDate, noChoice, materialMissingFile, materialMissingPaper: String
    // Drafts.
    let draft, draftsHeading, draftsHelp, removeDraft, removeDraftTitle, removeDraftText, keepDraft, savedText: String
    let tooManyDrafts, draftTooLarge, draftsFull: String
    // Once more, and handed in.
    let checkTitle, checkText, change, submit, applicant, nothing, onPaper, asFile, feesText, changedMeanwhile, handedInBefore: String
    let submittedTitle, number, receiptUse, nextHeading, looksText, looksUntil, asksOnce, decidedText, paperText2, toCase: String
    // Cases.
    let myCases, greeting, casesHeading, noCases, caseHeading, lightHeading, until, older, applyForSomething, unreadText: String
    let lights: [Light: String]
    let done: [String: String]
    let askedHeading, askedUntilText, answerAsked, handInAsked, correctionText, note, backToCase: String
    let toDecision, handedIn, clocksHeading, historyHeading, historyCutText, you, submitterRole: String
    let withdraw, withdrawTitle, withdrawText, reason, keepCase: String
    let decisionText, seal, signature, verifyHow: String
    // Notices.
    let notices, noNotices, takeAll, takeText, takenText: String
    let notOnlineText, notOnlineWindow: String
    let clockNames: [ClockKind: String]
    let clockText, clockLate, clockPaused, clockDue: String
    let events: [String: String]

    var light: String { lightHeading }

    // MARK: Sentences

    private static func filled(_ text: String, _ values: String...) -> String {
        // Values are put in at once, so that one with braces stays what it is.
        var (result, rest) = ("", values[...])
        let parts = text.split(separator: "{}", omittingEmptySubsequences: false)
        for (place, part) in parts.enumerated() {
            result += part
            if place < parts.count - 1 { result += rest.popFirst() ?? "" }
        }
        return result
    }

    func applyFor(_ matter: String) -> String { Self.filled(applyTitle, matter) }
    func bringPaper(_ window: String?) -> String { window.map { Self.filled(paperAt, $0) } ?? paperText }
    func notOnline(_ window: String?) -> String { window.map { Self.filled(notOnlineWindow, $0) } ?? notOnlineText }
    func fileHelp(_ limit: Int) -> String { Self.filled(fileHelpText, size(limit)) }
    func tooLong(_ name: String, _ longest: Int) -> String { Self.filled(tooLongText, name, "\(longest)") }
    func materialMissing(_ name: String, onPaper: Bool) -> String {
        Self.filled(onPaper ? materialMissingPaper : materialMissingFile, name)
    }
    func saved(_ at: String) -> String { Self.filled(savedText, at) }
    func feesLater(_ fees: String) -> String { Self.filled(feesText, fees) }
    func decidedBy(_ end: String) -> String { Self.filled(decidedText, end) }
    func loggedIn(_ name: String) -> String { Self.filled(greeting, name) }
    func unread(_ count: Int) -> String { Self.filled(unreadText, "\(count)") }
    func askedUntil(_ end: String) -> String { Self.filled(askedUntilText, end) }
    func correctionOf(_ id: String) -> String { Self.filled(correctionText, id) }
    func historyCut(_ count: Int) -> String { Self.filled(historyCutText, "\(count)") }
    func decisionOn(_ id: String) -> String { Self.filled(decisionText, id) }
    func take(_ what: String, _ id: String) -> String { Self.filled(takeText, id, what) }
    func takenAt(_ at: String) -> String { Self.filled(takenText, at) }
    func light(_ light: Light) -> String { lights[light] ?? "" }

    func looksAtIt(_ office: String, _ end: String?) -> String {
        end.map { Self.filled(looksUntil, office, $0) } ?? Self.filled(looksText, office)
    }

    func paperToBring(_ names: [String], _ window: String?, _ language: Language) -> String {
        Self.filled(paperText2, language.list(names)) + (window.map { language == .zh ? "地点：\($0)。" : " Where: \($0)." } ?? "")
    }

    func role(_ role: Role, _ language: Language) -> String {
        role == .submitter ? submitterRole : language.role(role)
    }

    func size(_ bytes: Int) -> String {
        bytes >= 1 << 20 ? "\((bytes + (1 << 19)) >> 20) MB" : bytes >= 1024 ? "\((bytes + 512) >> 10) kB" : "\(bytes) B"
    }

    func event(_ name: String, _ language: Language) -> String {
        if language == .zh { return Glossary.events[name] ?? name }
        let plain = events[name] ?? name.replacing("-", with: " ")
        return plain.prefix(1).uppercased() + plain.dropFirst()
    }

    // MARK: Fields

    /// A value as people read it: the lines of a text, a day by its name.
    func lines(_ value: String, _ field: MatterField, _ language: Language) -> [String] {
        if field.kind == .date, let day = Day(value) { return [language.day(day)] }
        return value.unicodeScalars.split(separator: "\n").map { String($0) }
    }

    /// What helps to fill in a field, besides what the catalogue says.
    func hint(_ field: MatterField) -> String? {
        switch field.kind {
        case .number: numberHint
        case .date: dateHint
        case .line where field.longest != MatterField.usualLongest, .text where field.longest != MatterField.longestLimit:
            Self.filled(longestHint, "\(field.longest)")
        case .line, .text, .choice: nil
        }
    }

    func missing(_ field: MatterField) -> String {
        Self.filled(field.kind == .choice ? missingChoice : missingText, field.name)
    }

    func misfit(_ misfit: MatterField.Misfit, _ field: MatterField) -> String {
        switch misfit {
        case .tooLong: tooLong(field.name, field.longest)
        case .severalLines: Self.filled(severalLines, field.name)
        case .noNumber: Self.filled(noNumber, field.name)
        case .noDate: Self.filled(noDate, field.name)
        case .noChoice: Self.filled(noChoice, field.name)
        }
    }

    func sentence(_ trouble: DraftFolder.Trouble) -> String {
        switch trouble {
        case .tooMany: Self.filled(tooManyDrafts, "\(DraftFolder.limit)")
        case .tooLarge: draftTooLarge
        case .full: draftsFull
        }
    }

    // MARK: Clocks

    /// How a clock of a case stands, such as `Decision: 3 of 20 working days have passed, 17 are left, to 18 December 2026, end of day.`
    func clock(_ clock: JSONValue, _ zone: Zone, _ language: Language) -> String {
        let kind = clock.cell("clock").flatMap { ClockKind(rawValue: $0) }
        let name = kind.flatMap { clockNames[$0] } ?? clock.cell("clock") ?? ""
        let unit = clock.cell("unit") ?? ""
        func amount(_ member: String) -> Int64 { clock[member]?.integer ?? 0 }
        let used = Self.filled(
            clockText, name, "\(amount("consumed"))", language.length(amount("budget"), unit), "\(max(0, amount("left")))")
        let due = clock.instant("due").map { Self.filled(clockDue, language.end($0, in: zone)) } ?? ""
        let state = clock["paused"]?.bool == true ? clockPaused : clock["overdue"]?.bool == true ? clockLate : ""
        return used + due + (language == .zh ? "。" : ".") + state
    }
}
