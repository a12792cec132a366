import CaseCore
import CasePages
import CaseWire

// What the event of a notice says besides its name.

extension NoticeWords {
    /// Whose time is near its end, or over.
    static func deadline(_ kind: ClockKind, isOver: Bool, in language: Language) -> String {
        switch language {
        case .en: "\(time(kind).en) is \(isOver ? "over" : "near its end")"
        case .zh: "\(time(kind).zh)\(isOver ? "已届满" : "即将届满")"
        }
    }

    private static func time(_ kind: ClockKind) -> (en: String, zh: String) {
        switch kind {
        case .intake: ("the time to accept the case", "受理期限")
        case .correction: ("the time to hand in what is missing", "补正期限")
        case .decision: ("the time to decide", "法定办理期限")
        case .promise: ("the promised time", "承诺办理期限")
        case .review: ("the time to examine the case", "审查期限")
        case .leader: ("the leader's time to decide", "决定期限")
        case .suspension: ("the announced time of the suspension", "中止期限")
        case .delivery: ("the time to deliver the result", "送达期限")
        case .order: ("the time to answer the order", "督办单答复期限")
        case .opinion: ("the time to give the opinion", "意见反馈期限")
        }
    }

    static func suspension(_ kind: Suspension.Kind, in language: Language) -> String {
        let words =
            switch kind {
            case .hearing: ("a hearing", "听证")
            case .expertReview: ("a review by experts", "专家评审")
            case .inspection: ("an inspection or test", "检验检测")
            case .appraisal: ("an appraisal", "鉴定")
            case .applicant: ("a reason on the applicant's side", "申请人原因")
            case .forceMajeure: ("force majeure", "不可抗力")
            }
        return language == .en ? words.0 : words.1
    }

    /// What stands in front of each fact of a mail.
    struct Labels {
        let what, file, receipt, at, missing, suspension, basis, why, until, level, competent, complaints, now, due, toDo: String

        init(_ language: Language) {
            switch language {
            case .en:
                (what, file, receipt, at) = ("What", "Case", "Receipt", "When")
                (missing, suspension, basis, why) = ("Missing", "On account of", "Legal basis", "Why")
                (until, level, competent, complaints) = ("Until", "Raised to level", "Competent instead", "Where to complain")
                (now, due, toDo) = ("As of", "Due", "To be done")
            case .zh:
                (what, file, receipt, at) = ("事由", "案件", "回执编号", "时间")
                (missing, suspension, basis, why) = ("所缺材料", "中止原因", "法律依据", "理由")
                (until, level, competent, complaints) = ("截止", "升级至级别", "有权办理机关", "投诉渠道")
                (now, due, toDo) = ("目前情况", "期限", "待办")
            }
        }
    }

    /// Text of somebody else, whose lines none takes for one of the mail's own: those behind the first are set in.
    static func foreign(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { Terminal.plain(String($0)) }.joined(separator: "\n    ")
    }
}
