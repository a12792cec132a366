import CaseCore
import CasePages
import CaseWire

/// What happened to a case, as entries of one line of time. What is between those who examine and those who supervise looks otherwise.
struct Timeline {
    private let people: DeskPeople
    private let times: DeskTimes
    private let visit: Visit

    init(_ people: DeskPeople, _ times: DeskTimes, _ visit: Visit) {
        (self.people, self.times, self.visit) = (people, times, visit)
    }

    struct Entry {
        let at, name, author, comma: String
        let what: String?
        /// What sort of an entry it is, for its looks.
        let kind: String
        /// In words what the looks say; nil of what needs none.
        let mark: String?
    }

    /// - Parameter event: as `case.history` has it.
    func entry(_ event: JSONValue) -> Entry {
        let (language, words) = (visit.language, visit.deskWords)
        let by = event.cell("by") ?? ""
        let instead = event.cell("instead_of").map { words.filled(words.inPlaceOf, people.name(by), people.name($0)) }
        let change = Commands.change(named: event.cell("event") ?? "")
        let isInternal = change?.isInternal == true || change?.isReading == true
        let isDecision = change?.significance == .decision
        let what = EventWords.what(event, in: language) { times($0, isEnd: $1) ?? $0 }
        return Entry(
            at: times(event.cell("at")) ?? "", name: Timeline.name(event, language),
            author: instead ?? (by == "clock" || by == "catalog" ? language.cell("by", by) : people.name(by)), comma: words.comma,
            what: what?.isEmpty == false ? what : nil, kind: isDecision ? "decision" : isInternal ? "internal" : "ordinary",
            mark: isInternal ? words.internalMark : nil)
    }

    /// What an event is called.
    static func name(_ event: JSONValue, _ language: Language) -> String {
        let name = event.cell("event") ?? ""
        return language == .zh ? Glossary.cell("event", name) : name.replacing("-", with: " ").capitalizedFirst
    }
}
