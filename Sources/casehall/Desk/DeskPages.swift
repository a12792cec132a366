import CaseClient
import CasePages
import CaseWire
import Hummingbird

/// The pages of those who work on cases: officers, leaders, commissioners. All of it is what cased says and takes of the person who asks.
enum DeskPages {
    static func add(to routes: inout Routes) {
        routes.add("/desk", .show(guarded(QueuePage.mine)))
        routes.add("/desk/cases", .show(guarded(QueuePage.all)))
        routes.add("/desk/orders", .show(guarded(SupervisionPages.orders)))
        routes.add("/desk/supervision", .show(guarded(SupervisionPages.lights)))
        routes.add("/desk/supervision/figures", .show(guarded(SupervisionPages.figures)))
        routes.add("/desk/supervision/clock", .show(guarded(SupervisionPages.clock)))
        routes.add("/desk/draws", .show(guarded(DrawPages.list)))
        routes.add("/desk/draws/{draw}/{day}", .show(guarded(DrawPages.draw)))
        routes.add("/desk/events", .show(EventStream.answer))
        routes.add("/desk/cases/{case}", .show(guarded(FilePage.show)))
        routes.add("/desk/cases/{case}/history", .show(guarded(FilePage.history)))
        routes.add("/desk/cases/{case}/materials/{material}", .show(guarded(MaterialDownload.answer)))
        routes.add("/desk/cases/{case}/{command}", .form(ActionPage()))
    }

    /// What stands on the way around the hall for a person of the catalogue.
    static func ways(_ words: DeskWords) -> [(text: String, link: String)] {
        [
            (words.queue, "/desk"), (words.cases, "/desk/cases"), (words.orders, "/desk/orders"), (words.supervision, "/desk/supervision"),
            (words.draws, "/desk/draws"),
        ]
    }

    static func path(_ file: String) -> String {
        "/desk/cases/\(PercentEncoding.encoded(file))"
    }

    /// A page that only a person of the catalogue is shown; what cased refuses them is said, and where else they can go.
    private static func guarded(_ show: @escaping Show) -> Show {
        { visit throws(DaemonTrouble) in
            guard visit.visitor.acting != nil else { return nobody(visit) }
            do throws(DaemonTrouble) {
                return try await show(visit)
            } catch {
                guard case .refused(let refusal) = error, refusal.kind.hasPrefix("permission.") else { throw error }
                // To read is refused so where the hall may not speak for whoever asks.
                return refused(refusal, visit, isOtherSide: refusal.kind == notOurs)
            }
        }
    }

    static func nobody(_ visit: Visit) -> Answer {
        message(visit.deskWords.nobodyTitle, [visit.deskWords.nobody], visit, status: .forbidden)
    }

    private static let notOurs = "permission.denied"
    /// Of a command: the service has spoken for the other side of this case.
    static let otherSide = "permission.service_side"

    /// What cased said no to, why, and who could.
    ///
    /// - Parameters:
    ///   - back: where to go from there; by default to the queue.
    ///   - isOtherSide: whether it is refused since this hall speaks for the other side.
    static func refused(_ refusal: RemoteError, _ visit: Visit, back: PageItem? = nil, isOtherSide: Bool = false) -> Answer {
        let trouble = Trouble.refused(kind: refusal.kind, message: refusal.message)
        let texts = [visit.language.refusal(refusal.kind, refusal.message), refusal.hint.map { visit.language.line($0) }]
        return message(
            visit.words.title(of: trouble), texts.compactMap { $0.map { sentence($0, visit) } }, visit, status: trouble.status, back: back,
            isOtherSide: isOtherSide || refusal.kind == otherSide)
    }

    /// A sentence of cased's as one by itself: with a capital, but where it begins with somebody's id.
    static func sentence(_ text: String, _ visit: Visit) -> String {
        visit.visitor.acting.map(text.hasPrefix) == true ? text : text.capitalizedFirst
    }

    /// A page of a few sentences. Whoever cannot speak here for this side of the matter may in the other hall.
    private static func message(
        _ title: String, _ texts: [String], _ visit: Visit, status: HTTPResponse.Status, back: PageItem? = nil, isOtherSide: Bool = false
    ) -> Answer {
        let home =
            visit.visitor.acting == nil
            ? PageItem(text: visit.words.toStart, link: "/") : PageItem(text: visit.deskWords.queue, link: "/desk")
        return visit.hall.pages.page(
            "desk-message",
            Message(
                title: title, language: visit.language.rawValue, training: nil, texts: texts,
                otherHall: isOtherSide ? visit.hall.options.otherHall.map { PageItem(text: visit.deskWords.otherHall, link: $0) } : nil,
                back: back ?? home),
            visit, status: status)
    }

    private struct Message: PageContent {
        let title, language: String
        let training: String?
        let texts: [String]
        let otherHall: PageItem?
        let back: PageItem
    }
}

extension Visit {
    var deskWords: DeskWords {
        language == .zh ? .chinese : .english
    }
}
