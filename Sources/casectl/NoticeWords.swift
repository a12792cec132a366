import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// What notices say to people, in their languages.
enum NoticeWords {
    /// What happened, by the name of its event; the name itself where it has no words.
    static func what(_ notice: JSONValue, in language: Language) -> String {
        let event = notice.cell("event") ?? ""
        if event == RungPassed.name, let clock = notice.cell("clock").flatMap({ ClockKind(rawValue: $0) }),
            let isOver = notice["over"]?.bool
        {
            return deadline(clock, isOver: isOver, in: language)
        }
        return events[event].map { language == .en ? $0.en : $0.zh } ?? event
    }

    /// What is to be done now about what happened, and by whom.
    static func toDo(_ notice: JSONValue, in language: Language) -> String {
        guard notice.cell("case") != nil else {
            let isAsked = (notice["second_word"]?.array ?? []).contains { $0.string == notice.cell("recipient") }
            return switch language {
            case .en: isAsked ? "look at it, and agree or not" : "look at it"
            case .zh: isAsked ? "查看并决定是否同意" : "查看"
            }
        }
        // An order and a draw are done by whomever they wait for, wherever their case is.
        if notice.cell("order") != nil, let order = notice.cell("open_order"), let next = notice["order_waits_for"] {
            let isAnswered = next.cell("role") == Role.commissioner.rawValue
            return by(next, isAnswered ? ("close \(order)", "办结 \(order)") : ("answer \(order)", "答复 \(order)"), language)
        }
        if notice.cell("event") == Drawn.name, let next = notice["inspection_waits_for"] {
            return by(next, ("inspect the case", "检查案件"), language)
        }
        guard let next = notice["waits_for"], let role = next.cell("role").flatMap({ Role(rawValue: $0) }) else {
            return language == .en ? "nothing is left to be done" : "已办结"
        }
        return by(next, step(role, notice.cell("state").flatMap { State(rawValue: $0) }), language)
    }

    private static func by(_ next: JSONValue, _ step: (en: String, zh: String), _ language: Language) -> String {
        let names = (next["names"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
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

    /// A mail's words: the subject and the text. What happened is said as it was then, what is to be done as it is now.
    static func message(_ notice: JSONValue, in language: Language, _ clock: LocalClock) -> (subject: String, text: String) {
        let title = notice.cell("title").map(Terminal.plain)
        let subject = [notice.cell("case"), what(notice, in: language), title.map { String($0.prefix(subjectLimit)) }].compactMap { $0 }
            .joined(separator: language == .en ? ": " : "：")
        let isApplicant = notice.cell("addressee") == Addressee.applicant.rawValue
        let parts =
            [happened(notice, language, clock), present(notice, language, clock)] + (isApplicant ? [] : [further(notice, language)])
        return (subject, parts.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n")
    }

    /// The same of some that one reader is told at once.
    static func message(_ notices: [JSONValue], in language: Language, _ clock: LocalClock) -> (subject: String, text: String) {
        let messages = notices.map { message($0, in: language, clock) }
        guard messages.count != 1 else { return messages[0] }
        var files: [String] = []
        for file in notices.compactMap({ $0.cell("case") }) where !files.contains(file) { files.append(file) }
        let shown = files.prefix(shownFiles).joined(separator: ", ") + (files.count > shownFiles ? ", …" : "")
        let count = language == .en ? "\(notices.count) notices" : "\(notices.count) 条通知"
        let colon = language == .en ? ": " : "："
        return (files.isEmpty ? count : count + colon + shown, messages.map(\.text).joined(separator: "\n* * *\n\n"))
    }

    private static let shownFiles = 5

    private static func lines(_ facts: [(label: String, text: String?)], _ language: Language) -> [String] {
        let colon = language == .en ? ": " : "："
        return facts.compactMap { label, text in text.flatMap { $0.isEmpty ? nil : label + colon + $0 } }
    }

    private static func happened(_ notice: JSONValue, _ language: Language, _ clock: LocalClock) -> [String] {
        let labels = Labels(language)
        func text(_ member: String) -> String? { notice.cell(member).map(foreign) }
        let missing = (notice["missing"]?.array ?? []).compactMap(\.string).map(foreign)
        let suspension = notice.cell("suspension").flatMap { Suspension.Kind(rawValue: $0) }
        return lines(
            [
                (labels.what, what(notice, in: language)),
                (
                    labels.file,
                    notice.cell("case").map { [$0, notice.cell("title").map(Terminal.plain)].compactMap { $0 }.joined(separator: ", ") }
                ),
                (labels.receipt, text("receipt")), (labels.at, notice.cell("at").flatMap { time($0, language, clock) }),
                (labels.missing, missing.joined(separator: language == .en ? "; " : "；")),
                (labels.suspension, suspension.map { self.suspension($0, in: language) }), (labels.basis, text("basis")),
                (labels.why, text("why")), (labels.until, notice.cell("until").flatMap { time($0, language, clock, isEnd: true) }),
                (labels.level, text("level")), (labels.competent, text("competent")), (labels.complaints, text("complaints")),
            ], language)
    }

    private static func present(_ notice: JSONValue, _ language: Language, _ clock: LocalClock) -> [String] {
        let labels = Labels(language)
        // An applicant is told what is theirs to do, and not who does what inside.
        let isApplicant = notice.cell("addressee") == Addressee.applicant.rawValue
        let isDueToThem = !isApplicant || notice["waits_for"]?.cell("role") == Role.submitter.rawValue
        return lines(
            [
                (labels.now, time(clock.now.description, language, clock)),
                (labels.toDo, isApplicant ? applicantsToDo(notice, language) : Terminal.plain(toDo(notice, in: language))),
                (labels.due, isDueToThem ? notice.cell("due").flatMap { time($0, language, clock, isEnd: true) } : nil),
            ], language)
    }

    private static func applicantsToDo(_ notice: JSONValue, _ language: Language) -> String {
        guard let role = notice["waits_for"]?.cell("role") else { return toDo(notice, in: language) }
        let step = role == Role.submitter.rawValue ? step(.submitter, nil) : ("nothing by you at present", "目前无需您办理")
        return language == .en ? step.0 : step.1
    }

    private static let subjectLimit = 100

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
        case .en: return LocalTime(zone, now: clock.now, in: .en).text(text, isEnd: isEnd).map { "\($0) (\(zone.name))" }
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
        "order-ended": ("a supervision order ended with its case", "督办单随案件办结而终止"),
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
        "erasure-agreed": ("somebody agreed that what the case says of persons is erased", "有人同意删除案件中的个人信息"),
        "read": ("the case was read", "案件已被查阅"),
        "read-by-admin": ("the case was read by an admin", "案件已被管理员查阅"),
        "catalog-applied": ("the catalogue was changed", "目录已变更"),
        "catalog-confirmed": ("a change of the catalogue was agreed to", "目录变更已获同意"),
        "catalog-scheduled": ("the catalogue changes on a later day", "目录将于日后变更"),
        "catalog-cancelled": ("a change of the catalogue was given up", "目录变更已取消"),
    ]
}
