import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// What an applicant was told, the newest first; of each they can say that they have seen it.
struct NoticesPage: ApplicantForm {
    /// So many are on the page.
    private static let limit = 50

    /// - Parameter taken: only those that were taken, or only the others; nil for both.
    static func notices(of applicant: Applicant, taken: Bool? = nil, _ visit: Visit) async throws(DaemonTrouble) -> [JSONValue] {
        var params: [JSONValue.Member] = [
            .init("recipient", .string(applicant.id)), .init("addressee", .string(Addressee.applicant.rawValue)),
            .init("mine", .bool(true)),
            .init("sort", "-seq"), .init("limit", .integer(limit)),
        ]
        if let taken { params.append(.init("taken", .bool(taken))) }
        let found = try await visit.read(.noticeList, params)
        return (found["notices"]?.array ?? []).filter { applicant.id.isSame(as: $0.cell("recipient")) }
    }

    func show(_ visit: Visit, _ form: Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer {
        let words = visit.applicantWords
        let list = try await visit.dutyList()
        let notices = try await NoticesPage.notices(of: applicant, visit)
        let isUnread = notices.contains { $0.instant("taken_at") == nil }
        return visit.hall.pages.page(
            "notices",
            Content(
                title: words.notices, language: visit.language.rawValue, training: visit.language.training(list), action: visit.path,
                noNotices: notices.isEmpty ? words.noNotices : nil, notices: try await told(notices, list, visit),
                takeAll: isUnread ? words.takeAll : nil, back: PageItem(text: words.myCases, link: "/my")),
            visit, form)
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let action: String
        let noNotices: String?
        let notices: [Told]
        let takeAll: String?
        let back: PageItem
    }

    private struct Told {
        let what, link, subject, at: String
        let lines: [PageItem]
        let seq, takeLabel: String?
        let taken: String?
    }

    private func told(_ notices: [JSONValue], _ list: JSONValue, _ visit: Visit) async throws(DaemonTrouble) -> [Told] {
        let (words, language) = (visit.applicantWords, visit.language)
        // A notice says no matter, whose calendar has its days: the state of its case does.
        var zones: [String: Zone] = [:]
        for receipt in Set(notices.compactMap { $0.cell("receipt") }) {
            let status = try await visit.read(.get, [.init("receipt", .string(receipt))])
            zones[receipt] = list.matter(status.cell("matter"))?.matterZone
        }
        return notices.map { notice in
            let zone = notice.cell("receipt").flatMap { zones[$0] } ?? .utc
            let id = notice.cell("case") ?? ""
            let until = notice.instant("until").map { [words.askedUntil(language.end($0, in: zone))] } ?? []
            let lines = notice.texts("missing") + ["why", "basis", "competent", "complaints"].compactMap { notice.cell($0) } + until
            let taken = notice.instant("taken_at")
            let what = words.event(notice.cell("event") ?? "", language)
            return Told(
                what: what, link: OwnCase.path(id), subject: "\(id) · \(notice.cell("title") ?? "")",
                at: notice.instant("at").map { language.instant($0, in: zone) } ?? "",
                lines: lines.filter { !$0.isEmpty }.map { PageItem(text: $0) }, seq: taken == nil ? notice.cell("seq") : nil,
                takeLabel: taken == nil ? words.take(what, id) : nil,
                taken: taken.map { words.takenAt(language.instant($0, in: zone)) })
        }
    }

    func take(_ visit: Visit, _ form: inout Form, for applicant: Applicant, _ drafts: DraftFolder) async throws(DaemonTrouble) -> Answer? {
        let unread = try await NoticesPage.notices(of: applicant, taken: false, visit).compactMap { $0["seq"]?.integer }
        let chosen = form["take"] == "all" ? unread : unread.filter { "\($0)" == form["take"] }
        if !chosen.isEmpty {
            _ = try await visit.hall.daemon.administer(.noticeTake, [.init("notices", .array(chosen.map { .integer($0) }))])
        }
        return .redirect(visit.path)
    }
}
