import CasePages
import CaseWire

/// The part of a page that a script keeps live: that something has changed since it was made, and who else looks at the case. Without a script
/// nothing of it is seen.
struct DeskLive {
    /// Of events, see `EventStream`.
    let stream: String
    let script: String
    let changed: String
    let show: PageItem
    /// Whether what is shown anew comes beside the page, on which something may have been typed.
    let opensBeside: Bool
    /// Stands before the names of those who look at the case as well.
    let presentLabel: String
    let present: String
    let isPresent: Bool

    /// - Parameters:
    ///   - cursor: the place in the journal that the page does not know anything behind of.
    ///   - file: the case; nil for the queue.
    init(cursor: String, file: String?, link: String, opensBeside: Bool = false, present: String, _ visit: Visit) {
        let words = visit.deskWords
        let query = (file.map { "case=\(PercentEncoding.encoded($0))&" } ?? "") + "from=\(PercentEncoding.encoded(cursor))"
        stream = "/desk/events?\(query)"
        script = visit.hall.pages.scriptPath
        changed = file == nil ? words.queueChanged : words.fileChanged
        show = PageItem(text: opensBeside ? words.showBeside : words.showAnew, link: link)
        self.opensBeside = opensBeside
        (presentLabel, self.present) = (words.alsoHere, present)
        isPresent = !present.isEmpty
    }
}

extension Visit {
    /// Where the journal ends for the cases that are meant: what the page reads behind it is at least as new.
    func cursor(_ filter: [JSONValue.Member]) async throws(DaemonTrouble) -> String {
        try await hall.daemon.cursor([.init("filter", .object(filter)), .init("acting", .string(visitor.acting ?? ""))])
    }
}
