/// The headings of a report page.
struct ReportWords {
    let title, from, before, allTime, asOf, timeliness, openCases, months, figures, signs, signsRemark, onTrack, total: String
    let keys: [String: String]
    let columns: [String: String]
}

extension Language {
    var reportWords: ReportWords {
        switch self {
        case .en:
            ReportWords(
                title: "How the promises are kept", from: "from", before: "before", allTime: "Over all time", asOf: "as of",
                timeliness: "Decisions against their promises", openCases: "Open cases", months: "The last twelve months",
                figures: "Figures",
                signs: "What asks for a look",
                signsRemark:
                    "Each of these has lawful reasons. Where there are many, clocks may be played with: suspended on the last day or in the last twentieth of the time, resumed on the same day, materials asked for again, decided at the last moment.",
                onTrack: "on track", total: "Total",
                keys: [
                    "office": "Office", "matter": "Matter", "leader": "Leader", "commissioner": "Commissioner", "department": "Department",
                ],
                columns: [
                    "received": "received", "open": "open", "warned": "warned", "overdue": "overdue", "decided": "decided",
                    "in_time": "in time",
                    "promise_missed": "promise missed", "late": "late", "rate": "in time, %", "handling_median": "median, working days",
                    "handling_p90": "90% within, working days", "pauses": "pauses", "extensions": "extensions",
                    "corrections": "corrections",
                    "pauses_near_breach": "pauses near breach", "same_day_pauses": "same-day pauses",
                    "repeated_corrections": "repeated corrections", "last_moment_decisions": "last-moment decisions",
                ])
        case .zh:
            ReportWords(
                title: "办理时限履行情况", from: "自", before: "至（不含）", allTime: "全部时间", asOf: "截至", timeliness: "办结与承诺", openCases: "在办案件",
                months: "近十二个月", figures: "数据", signs: "需要关注",
                signsRemark: "以下情形均可能有合法理由；数量较多时，应当核查是否存在规避时限：在期限最后一日或最后二十分之一内中止、当日中止当日恢复、多次要求补正、最后时刻作出决定。", onTrack: "正常",
                total: "合计",
                keys: ["office": "机构", "matter": "事项", "leader": "决定岗位", "commissioner": "督查岗位", "department": "部门"],
                columns: [
                    "received": "收件", "open": "在办", "warned": "预警", "overdue": "超期", "decided": "办结", "in_time": "按承诺办结",
                    "promise_missed": "超承诺", "late": "超法定", "rate": "按承诺率", "handling_median": "中位数（工作日）", "handling_p90": "九成办结（工作日）",
                    "pauses": "中止", "extensions": "延长", "corrections": "补正", "pauses_near_breach": "临期中止", "same_day_pauses": "当日中止恢复",
                    "repeated_corrections": "重复补正", "last_moment_decisions": "最后时刻决定",
                ])
        }
    }
}
