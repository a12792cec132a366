import CaseCore

/// The headings of a report.
package struct ReportWords {
    package let title, administration, cases, allCases, period, days, catalog, made, through, allTime: String
    package let timeliness, openCases, overdueCases, months, figures, figuresRemark, signs, signsRemark, onTrack, total: String
    /// Of the list of overdue cases.
    package let number, matter, state, waitsFor, clock, due, late: String
    package let keys: [String: String]
    package let columns: [String: String]
    /// In what a column is counted; those that are not here have no unit.
    package let units: [String: String]
}

extension ReportWords {
    /// The columns that count cases, those that count how often something was done, and those of working days.
    private static let counted = [
        "received", "open", "warned", "overdue", "provisional", "decided", "granted", "refused", "deemed_granted", "closed_otherwise",
        "in_time", "promise_missed", "late",
    ]
    package static let signs = [
        "pauses", "pauses_near_breach", "same_day_pauses", "extensions", "corrections", "repeated_corrections", "returns",
        "last_moment_decisions",
    ]
    package static let handling = ["handling_median", "handling_net_median", "handling_p90", "handling_net_p90"]

    /// What is counted as of now, whatever the period.
    private static let present: Set = ["open", "warned", "overdue", "provisional"]

    package static func units(cases: String, now: String, times: String, days: String, share: String) -> [String: String] {
        let pairs =
            counted.map { ($0, present.contains($0) ? now : cases) } + signs.map { ($0, times) } + handling.map { ($0, days) }
            + [("rate", share)]
        return Dictionary(uniqueKeysWithValues: pairs)
    }
}

extension Language {
    package var reportWords: ReportWords {
        switch self {
        case .en:
            ReportWords(
                title: "How the promises are kept", administration: "Administration", cases: "Cases", allCases: "all", period: "Period",
                days: "Days", catalog: "Catalogue", made: "Made", through: "through", allTime: "over all time",
                timeliness: "Decisions against their promises", openCases: "Open cases now", overdueCases: "Overdue cases now",
                months: "The last twelve months", figures: "Figures",
                figuresRemark:
                    """
                    Gross, a case takes the working days after that of its submission, through its decision; net, those are left out on \
                    which its clocks stood still. A case counts as received and decided where it was then, and as open where it is now.
                    """,
                signs: "What asks for a look",
                signsRemark:
                    """
                    Each of these has lawful reasons. Where there are many, clocks may be played with: suspended on the last day or in the \
                    last twentieth of the time, resumed on the same day, materials asked for again, sent back to the office so that its \
                    review begins anew, decided at the last moment.
                    """,
                onTrack: "on track", total: "Total", number: "Case", matter: "Matter", state: "State", waitsFor: "Has to act",
                clock: "Clock", due: "Was due", late: "Overdue by",
                keys: [
                    "office": "Office", "matter": "Matter", "leader": "Leader", "commissioner": "Commissioner", "department": "Department",
                ],
                columns: [
                    "received": "received", "open": "open", "warned": "warned", "overdue": "overdue", "decided": "decided",
                    "in_time": "in time", "promise_missed": "promise missed", "late": "late", "rate": "in time",
                    "handling_median": "half were decided within, gross", "handling_net_median": "half were decided within, net",
                    "handling_p90": "nine tenths were decided within, gross",
                    "handling_net_p90": "nine tenths were decided within, net", "pauses": "pauses",
                    "extensions": "extensions", "corrections": "corrections", "returns": "sent back by the leader",
                    "pauses_near_breach": "pauses near breach", "same_day_pauses": "same-day pauses",
                    "repeated_corrections": "repeated corrections", "last_moment_decisions": "last-moment decisions",
                ], units: ReportWords.units(cases: "cases", now: "cases now", times: "times", days: "working days", share: "% of decided"))
        case .zh:
            ReportWords(
                title: "办理时限履行情况", administration: "行政机关", cases: "案件范围", allCases: "全部", period: "统计期间", days: "时区", catalog: "权责清单",
                made: "制作时间", through: "至", allTime: "全部时间", timeliness: "办结与承诺", openCases: "当前在办案件", overdueCases: "当前逾期案件",
                months: "近十二个月", figures: "数据", figuresRemark: "全程用时自提交次日起计算至作出决定之日，均为工作日；净用时扣除时限中止的工作日。收件和办结按当时的机构和岗位计算，在办按现在的机构和岗位计算。",
                signs: "需要关注",
                signsRemark:
                    "以下情形均可能有合法理由；数量较多时，应当核查是否存在规避时限：在期限最后一日或最后二十分之一内中止、当日中止当日恢复、多次要求补正、退回机构使审查时限重新计算、最后时刻作出决定。",
                onTrack: "正常", total: "合计", number: "案件", matter: "事项", state: "状态", waitsFor: "待办", clock: "时限", due: "期限",
                late: "逾期",
                keys: ["office": "机构", "matter": "事项", "leader": "决定岗位", "commissioner": "督查岗位", "department": "部门"],
                columns: [
                    "received": "收件", "open": "在办", "warned": "预警", "overdue": "逾期", "decided": "办结", "in_time": "按时",
                    "promise_missed": "超过承诺时限", "late": "超过法定时限", "rate": "按时率", "handling_median": "半数用时·全程",
                    "handling_net_median": "半数用时·净", "handling_p90": "九成用时·全程", "handling_net_p90": "九成用时·净", "pauses": "中止",
                    "extensions": "延长", "corrections": "补正", "returns": "决定人退回", "pauses_near_breach": "临期中止",
                    "same_day_pauses": "当日中止恢复", "repeated_corrections": "重复补正", "last_moment_decisions": "最后时刻决定",
                ], units: ReportWords.units(cases: "件", now: "件，当前", times: "次", days: "工作日", share: "占办结的%"))
        }
    }

    package func role(_ role: Role) -> String {
        self == .zh ? Glossary.role(role) : role.rawValue.replacing("-", with: " ")
    }

    package func state(_ state: State) -> String {
        self == .zh ? Glossary.state(state) : state.rawValue.replacing("-", with: " ")
    }

    package func clock(_ kind: ClockKind) -> String {
        self == .zh ? Glossary.clock(kind) : kind.rawValue
    }
}
