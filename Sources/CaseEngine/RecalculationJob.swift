import CaseCore
import CaseStore
import CaseWire
import WorkingTime

/// Changed rules on their way through the running cases, a bounded batch after the other. It is kept in the store, so that a
/// restart goes on with it.
package struct RecalculationJob: Equatable, Sendable {
    /// The version of the catalogue whose calendars and limits the clocks are to follow.
    package let version: Int
    /// The matters whose deadlines may come before the ones that were promised.
    let earlierMatters: Set<MatterID>
    /// Whether a catalogue changed the rules: that is on record from its beginning to its end.
    let isForRules: Bool
    /// Whether the system's time zones changed: the deadlines of all cases are looked up again.
    package let isForZones: Bool
    package let caseCount: Int
    package private(set) var doneCount = 0
    /// The matters that are not done, the present one first.
    private(set) var matters: [MatterID]
    /// In the present matter, the case after which to go on.
    private(set) var after: CaseID?

    init(version: Int, earlierMatters: Set<MatterID>, isForRules: Bool, isForZones: Bool, caseCount: Int, matters: [MatterID]) {
        self.version = version
        self.earlierMatters = earlierMatters
        self.isForRules = isForRules
        self.isForZones = isForZones
        self.caseCount = caseCount
        self.matters = matters
    }

    var isFinished: Bool {
        matters.isEmpty
    }

    /// The next cases, at most so many.
    func cases(_ snapshot: any StoreSnapshot, limit: Int) throws -> [CaseID] {
        guard let matter = matters.first else { return [] }
        return try snapshot.runningCases(of: matter, after: after, limit: limit)
    }

    /// Goes on behind these cases, which were all that were left of the matter where they are fewer than asked for.
    mutating func advance(past ids: [CaseID], limit: Int) {
        doneCount += ids.count
        after = ids.last
        guard ids.count < limit else { return }
        matters.removeFirst()
        after = nil
    }
}

// MARK: In the store

extension RecalculationJob {
    static let settingName = "reprojection"

    /// Empty when it is finished.
    var setting: String {
        guard !isFinished else { return "" }
        return String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.member("version", version)
                    writer.member("earlier", earlierMatters.map(\.raw).sorted())
                    writer.member("rules", isForRules)
                    writer.member("zones", isForZones)
                    writer.member("cases", caseCount)
                    writer.member("done", doneCount)
                    writer.member("matters", matters.map(\.raw))
                    writer.member("after", after?.description)
                }
            }, as: UTF8.self)
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let value = try? JSONReader.read(Array(setting.utf8)), let version = value["version"]?.integer,
            let count = value["cases"]?.integer, let done = value["done"]?.integer, let matters = value["matters"]?.array,
            let earlier = value["earlier"]?.array
        else { return nil }
        self.init(
            version: Int(version), earlierMatters: Set(earlier.compactMap(\.string).map { MatterID($0) }),
            // Earlier versions knew one of the two at a time.
            isForRules: value["rules"]?.bool ?? !(value["zones"]?.bool ?? false), isForZones: value["zones"]?.bool ?? false,
            caseCount: Int(count),
            matters: matters.compactMap(\.string).map { MatterID($0) })
        doneCount = Int(done)
        after = value["after"]?.string.flatMap { CaseID($0) }
    }
}
