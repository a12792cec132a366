import CaseCore
import CaseWire
import WorkingTime

/// What notices say to people, in their languages.
enum NoticeWords {
    /// What happened, by the name of its event; the name itself where it has no words.
    static func what(_ notice: JSONValue, in language: Language) -> String {
        let event = notice.cell("event") ?? ""
        return events[event].map { language == .en ? $0.en : $0.zh } ?? event
    }

    /// What is to be done about the case now, and by whom.
    static func toDo(_ notice: JSONValue, in language: Language) -> String {
        guard notice.cell("case") != nil else {
            let mayAgree = [Addressee.auditor, .confirmer].contains { $0.rawValue == notice.cell("addressee") }
            let isAsked = mayAgree && [ServerChange.catalogAppliedName, ServerChange.catalogScheduledName].contains(notice.cell("event"))
            return switch language {
            case .en: isAsked ? "look at it, and agree or not" : "look at it"
            case .zh: isAsked ? "查看并决定是否同意" : "查看"
            }
        }
        guard let next = notice["waits_for"], let role = next.cell("role").flatMap({ Role(rawValue: $0) }) else {
            return language == .en ? "nothing is left to be done" : "已办结"
        }
        let names = (next["names"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
        let step = step(role, notice.cell("state").flatMap { State(rawValue: $0) })
        return language == .en ? "\(step.en) (\(names))" : "\(step.zh)（\(names)）"
    }

    private static func step(_ role: Role, _ state: State?) -> (en: String, zh: String) {
        switch role {
        case .submitter: ("hand in what is missing", "补交所缺材料")
        case .consulted: ("give the opinion", "反馈意见")
        case .leader: ("decide", "作出决定")
        case .office, .extensionAuthority, .commissioner, .auditor, .admin, .clock, .catalog, .revocation:
            switch state {
            case .submitted: ("accept it, or ask for what is missing", "受理或要求补正")
            case .inReview: ("examine it and recommend", "审查并提出意见")
            case .correction, .withLeader, .granted, .refused, .deemedGranted, .notAccepted, .withdrawn, .lapsed, nil:
                ("deliver the result", "送达结果")
            }
        }
    }

    /// Where and when a mail is read: in the zone of the calendars, in UTC where they have none together.
    struct LocalClock {
        let zone: Zone
        let now: Instant
    }

    /// A mail's words: the subject and the text.
    static func message(_ notice: JSONValue, in language: Language, _ clock: LocalClock) -> (subject: String, text: String) {
        let what = what(notice, in: language)
        let title = notice.cell("title").map(Terminal.plain)
        let file = notice.cell("case")
        let subject = [file, what, title.map { String($0.prefix(subjectLimit)) }].compactMap { $0 }
            .joined(separator: language == .en ? ": " : "：")
        let labels = labels(language)
        // An applicant is told what is theirs to do, and not who does what inside.
        let isApplicant = notice.cell("addressee") == Addressee.applicant.rawValue
        let isDueToThem = !isApplicant || notice["waits_for"]?.cell("role") == Role.submitter.rawValue
        let facts: [(String, String?)] = [
            (labels.what, what), (labels.file, file.map { [$0, title].compactMap { $0 }.joined(separator: ", ") }),
            (labels.at, notice.cell("at").flatMap { time($0, language, clock) }),
            (labels.due, isDueToThem ? notice.cell("due").flatMap { time($0, language, clock, isEnd: true) } : nil),
            (labels.toDo, isApplicant ? applicantsToDo(notice, language) : Terminal.plain(toDo(notice, in: language))),
        ]
        let colon = language == .en ? ": " : "："
        let lines = facts.compactMap { label, value in value.map { label + colon + $0 } }
        return (subject, (lines + (isApplicant ? [] : [""] + further(notice, language))).joined(separator: "\n") + "\n")
    }

    private static func applicantsToDo(_ notice: JSONValue, _ language: Language) -> String {
        guard let role = notice["waits_for"]?.cell("role") else { return toDo(notice, in: language) }
        let step = role == Role.submitter.rawValue ? step(.submitter, nil) : ("nothing by you at present", "目前无需您办理")
        return language == .en ? step.0 : step.1
    }

    private static let subjectLimit = 100

    private static func labels(_ language: Language) -> (what: String, file: String, at: String, due: String, toDo: String) {
        switch language {
        case .en: ("What", "Case", "Since", "Due", "To be done")
        case .zh: ("事由", "案件", "时间", "期限", "待办")
        }
    }

    /// Where more is to be seen, and how the notice is taken.
    private static func further(_ notice: JSONValue, _ language: Language) -> [String] {
        let look = notice.cell("case").map { "casectl show \($0)" } ?? "casectl catalog versions"
        let take = "casectl notices take \(notice.cell("seq") ?? "")"
        return switch language {
        case .en: ["More: \(look)", "Mark it as taken: \(take)"]
        case .zh: ["详情：\(look)", "标记为已阅：\(take)"]
        }
    }

    private static func time(_ text: String, _ language: Language, _ clock: LocalClock, isEnd: Bool = false) -> String? {
        guard let instant = Instant(text) else { return nil }
        let zone = clock.zone
        switch language {
        case .en: return LocalTime(zone, now: clock.now).text(text, isEnd: isEnd).map { "\($0) (\(zone.name))" }
        case .zh:
            let (day, last) = (zone.day(of: instant), zone.day(of: instant.advanced(byMilliseconds: -1)))
            let isEndOfDay = isEnd && last != day
            let (year, month, number) = (isEndOfDay ? last : day).components
            let minute = zone.timeOfDay(of: instant) / 60_000
            func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let time = isEndOfDay ? "当日截止" : " \(two(minute / 60)):\(two(minute % 60))"
            return "\(year)年\(month)月\(number)日\(time)（\(zone.name)）"
        }
    }

    private static let events: [String: (en: String, zh: String)] = [
        "submitted": ("a case came in", "收到新申请"),
        "accepted": ("the case was accepted", "申请已受理"),
        "deemed-accepted": ("the case counts as accepted: nobody had answered", "逾期未答复，视为受理"),
        "correction-requested": ("something is missing from the file", "申请材料需要补正"),
        "corrected": ("what was missing came in", "补正材料已提交"),
        "declined": ("the case was not accepted", "申请不予受理"),
        "assigned": ("the case was assigned", "案件已分派"),
        "suspended": ("the case is suspended", "案件暂停办理"),
        "resumed": ("the case goes on", "案件恢复办理"),
        "extended": ("the time was extended", "办理期限已延长"),
        "examined": ("a step of the examination was taken", "审查步骤已完成"),
        "recommended": ("the case is ready for a decision", "案件已报请决定"),
        "returned": ("the case was returned", "案件被退回"),
        "granted": ("the case was granted", "已作出准予决定"),
        "refused": ("the case was refused", "已作出不予许可决定"),
        "deemed-granted": ("the case counts as granted: nobody had decided", "逾期未决定，视为准予"),
        "withdrawn": ("the case was withdrawn", "申请已撤回"),
        "lapsed": ("the case lapsed: what was missing did not come", "逾期未补正，申请终止"),
        "delivered": ("the result was delivered", "结果已送达"),
        "noted": ("something was noted", "已添加备注"),
        "escalated": ("the case was raised", "案件已上报"),
        "rung-passed": ("a deadline is near, or over", "办理期限临近或已届满"),
        "order-opened": ("a supervision order asks for an answer", "收到督办单，需要答复"),
        "order-answered": ("a supervision order was answered", "督办单已答复"),
        "order-closed": ("a supervision order was closed", "督办单已办结"),
        "recused": ("somebody has no part in the case any more", "有人员回避"),
        "rerouted": ("the case came to another office, post or handler", "案件已转由其他机构、岗位或人员办理"),
        "reprojected": ("the deadlines were reckoned anew", "办理期限已重新计算"),
        "inspected": ("the case was inspected", "案件已抽查"),
        "drawn": ("the case was drawn for inspection", "案件被抽中检查"),
        "opinion-asked": ("an opinion is asked for", "征求意见"),
        "opinion-given": ("an opinion was given", "意见已反馈"),
        "opinion-overdue": ("an opinion did not come in time", "意见逾期未反馈"),
        "opinion-withdrawn": ("an opinion is asked for no longer", "不再征求意见"),
        "fee-settled": ("a fee was settled", "费用已结清"),
        "revocation-opened": ("the decision is in question", "已启动撤销程序"),
        "revocation-ended": ("the decision stands", "撤销程序已终止"),
        "revoked": ("the decision was revoked", "决定已撤销"),
        "read": ("the case was read", "案件已被查阅"),
        "read-by-admin": ("the case was read by an admin", "案件已被管理员查阅"),
        "catalog-applied": ("the catalogue was changed", "目录已变更"),
        "catalog-confirmed": ("a change of the catalogue was agreed to", "目录变更已获同意"),
        "catalog-scheduled": ("the catalogue changes on a later day", "目录将于日后变更"),
        "catalog-cancelled": ("a change of the catalogue was given up", "目录变更已取消"),
    ]
}
