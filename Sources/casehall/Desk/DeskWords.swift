import CaseCore
import CasePages

/// What the pages of the desks say themselves, each in English and Chinese side by side. Words of the trade are those of `Glossary`.
struct DeskWords: Sendable {
    let language: Language

    static let english = DeskWords(language: .en)
    static let chinese = DeskWords(language: .zh)

    private func say(_ english: String, _ chinese: String) -> String {
        language == .zh ? chinese : english
    }

    /// A sentence with values in the places of `{}`, from left to right.
    func filled(_ sentence: String, _ values: String...) -> String {
        let pieces = sentence.split(separator: "{}", omittingEmptySubsequences: false)
        return pieces.enumerated().reduce("") { $0 + $1.element + ($1.offset < pieces.count - 1 ? values[$1.offset] : "") }
    }

    // MARK: The way around

    var queue: String { say("My queue", "我的待办") }
    var cases: String { say("Cases", "案件") }
    var orders: String { say("Orders", "督办单") }
    var supervision: String { say("Supervision", "督查") }
    var draws: String { say("Draws", "抽查") }
    var further: String { say("Further ones", "下一页") }
    var toFile: String { say("Back to the case", "返回案件") }
    var nobodyTitle: String { say("This page is for those who work here", "本页面仅供工作人员使用") }
    var nobody: String {
        say(
            "Your login names no person of the catalogue. Log in as one, or go to the pages for applicants.",
            "您的登录未对应权责清单中的人员。请以工作人员身份登录，或前往申请人页面。")
    }
    var otherHall: String {
        say(
            "One hall speaks for one side of a matter only. For the other side, go to the other hall",
            "每个大厅只代表一方办理事项。另一方请使用另一大厅")
    }

    // MARK: Lists

    var colon: String { say(": ", "：") }
    var comma: String { say(", ", "，") }
    var stop: String { say(". ", "。") }

    var queueTitle: String { say("What waits for you", "等待您办理的案件") }
    var casesTitle: String { say("Cases that you may read", "您可查阅的案件") }
    var youActAs: String { say("You act as", "您的身份") }
    var inPlaceOf: String { say("{}, in place of {}", "{}（代{}）") }
    var noPost: String { say("nobody: you have no post today", "您今天没有任职岗位") }
    var nothingWaits: String { say("Nothing waits for you.", "没有等待您办理的案件。") }
    var noCases: String { say("There are no such cases.", "没有符合条件的案件。") }
    var queueCut: String {
        say("Of {} cases the {} most urgent are listed. Choose a light or a state to see others.", "共 {} 件，列出最紧急的 {} 件。请按灯号或状态筛选。")
    }
    var any: String { say("All", "全部") }
    var closedCases: String { say("Closed", "已办结") }
    var searchCases: String { say("Search the titles", "搜索标题") }
    var searchCasesHelp: String { say("Part of a title.", "标题中的文字。") }
    var search: String { say("Search", "搜索") }
    var file: String { say("Case", "案件") }
    var light: String { say("Light", "灯号") }
    var state: String { say("State", "状态") }
    var nextStep: String { say("Next step", "下一步") }
    var clock: String { say("Clock", "时限") }
    var left: String { say("Left", "剩余") }
    var due: String { say("Due", "期限") }
    var matter: String { say("Matter", "事项") }
    var nobodyNext: String { say("nobody", "无") }
    var suspendedState: String { say("suspended", "中止") }

    func light(_ light: Light) -> String {
        guard language == .en else { return light == .none ? closedCases : Glossary.light(light) }
        return switch light {
        case .green: "Green"
        case .yellow: "Yellow"
        case .red: "Red"
        case .none: "Closed"
        }
    }

    // MARK: Live

    var queueChanged: String { say("Something has changed in your queue.", "您的待办已有变化。") }
    var fileChanged: String { say("Something has happened on this case since this page was made.", "打开本页面后，案件有新的变化。") }
    var showAnew: String { say("Show it as it is now", "显示最新情况") }
    var showBeside: String { say("Look at the case in another window", "在新窗口查看案件") }
    var alsoHere: String { say("Also looking at this case:", "同时在查看本案件：") }

    // MARK: The file

    var stands: String { say("How it stands", "办理状态") }
    var nothingLeft: String { say("nothing is left to be done", "没有待办环节") }
    var clocks: String { say("Clocks", "时限") }
    var leftOf: String { say("{} of {} left", "剩余{}，共{}") }
    var youMay: String { say("You may", "您可以") }
    var nothingNow: String { say("Nothing now.", "现在没有可办理的事项。") }
    var notNow: String { say("Not now", "现在不能办理") }
    var facts: String { say("What it is", "基本情况") }
    var materials: String { say("Materials", "材料") }
    var noMaterials: String { say("Nothing was handed in.", "没有提交材料。") }
    var onPaper: String { say("without a file", "没有电子文件") }
    var notInHall: String { say("the file is not kept in this hall", "文件未保存在本大厅") }
    var download: String { say("Download {}", "下载{}") }
    var preview: String { say("Preview of {}", "预览{}") }
    var timeline: String { say("What happened", "办理经过") }
    var allEvents: String { say("All of it", "查看全部") }
    var explained: String { say("How the deadlines came about", "期限如何得出") }
    var internalMark: String { say("internal", "内部") }
    var done: String { say("Done: {}", "已办理：{}") }
    var when: String { say("When", "时间") }
    var who: String { say("Who", "办理人") }
    var what: String { say("What", "内容") }
    var from: String { say("From", "自") }
    var to: String { say("To", "至") }
    var counted: String { say("Counted", "计入") }
    var inAll: String { say("In all", "累计") }
    var notes: String { say("Notes", "说明") }

    var applicant: String { say("Applicant", "申请人") }
    var handler: String { say("Handler", "经办人") }
    var area: String { say("Area", "区域") }
    var channel: String { say("Channel", "途径") }
    var receipt: String { say("Receipt", "回执号") }
    var submittedAt: String { say("Submitted", "提交时间") }
    var closedAt: String { say("Closed", "办结时间") }
    var deliveredAt: String { say("Delivered", "送达时间") }
    var recommended: String { say("The office recommends", "审查意见") }
    var timeliness: String { say("Timeliness", "时限履行") }
    var missing: String { say("Missing", "缺少的材料") }
    var escalation: String { say("Level", "督办级别") }
    var recused: String { say("Recused", "回避") }
    var drawn: String { say("Drawn in", "被抽中") }
    var isAbout: String { say("Is about", "针对案件") }
    var inQuestion: String { say("In question by", "撤销程序") }
    var revokedBy: String { say("Revoked by", "撤销案件") }
    var extended: String { say("Extended", "延长") }
    var erasureAsked: String { say("Erasure asked by", "申请删除个人信息") }
    var erasedAt: String { say("Erased", "个人信息已删除") }

    var suspensions: String { say("Suspensions", "中止") }
    var kind: String { say("Kind", "类别") }
    var since: String { say("Since", "自") }
    var basis: String { say("Legal basis", "法律依据") }
    var announced: String { say("Announced for", "告知时长") }
    var note: String { say("Remark", "说明") }
    var step: String { say("Step", "步骤") }
    var outcome: String { say("Outcome", "结果") }
    var finding: String { say("Finding", "结论") }
    var notTaken: String { say("not taken yet", "尚未办理") }
    var opinions: String { say("Opinions of other offices", "其他机构意见") }
    var question: String { say("Question", "问题") }
    var answer: String { say("Answer", "答复") }
    var withdrawnAt: String { say("withdrawn {}", "{}撤回") }
    var awaited: String { say("awaited", "待答复") }
    var order: String { say("Order", "督办单") }
    var reason: String { say("Reason", "理由") }
    var fee: String { say("Fee", "费用") }
    var amount: String { say("Amount", "金额") }
    var reference: String { say("Reference", "凭证号") }
    var inspections: String { say("Inspections", "检查结果") }

    func recommendation(_ word: String) -> String {
        language.cell("recommendation", word).capitalizedFirst
    }

    // MARK: Forms

    var enter: String { say("Enter: {}", "请填写：{}") }
    var choose: String { say("Choose: {}", "请选择：{}") }
    var tickOne: String { say("Tick at least one: {}", "请至少选择一项：{}") }
    var otherwise: String { say("If it is to be otherwise", "另行选择") }
    var lengthHelp: String { say("A whole number, such as 10.", "整数，例如 10。") }
    var unitOf: String { say("{}: counted in", "{}：单位") }
    var nobodyHandles: String { say("Nobody", "收回，不分派") }
    var noDraw: String { say("None: it was chosen otherwise", "无：以其他方式选取") }
    var meanwhile: String { say("What has happened since you opened this page", "打开本页面后发生的情况") }
    var meanwhileRemark: String {
        say("What you typed is still here. Read this first; then send it again, or leave it.", "您填写的内容仍在。请先阅读以下情况，再决定是否重新提交。")
    }
    var changedMeanwhile: String {
        say(
            "Nothing was done: the case has changed since you opened this page. See below what happened.",
            "未办理：打开本页面后案件已有变化，详见下方。")
    }
    var kept: String { say("What you typed is kept on this page. Send it again in a moment.", "您填写的内容保存在本页面，请稍候重新提交。") }
    var alreadySent: String {
        say(
            "This form was sent before, with other words, and that was taken. Look at the case; to do it once more, send it again.",
            "本表单此前已以不同内容提交并受理。请先查看案件；如需再次办理，请重新提交。")
    }
    var textsHeading: String { say("Texts to begin with", "常用文字") }
    var insert: String { say("Insert", "填入") }

    func label(_ parameter: String, of command: CommandName) -> String {
        guard let label = DeskWords.labels["\(command).\(parameter)"] ?? DeskWords.labels[parameter] else { return parameter }
        return say(label.0, label.1)
    }

    /// What a field is called, by its parameter, or by the command and it.
    static let labels: [String: (String, String)] = [
        "missing": ("What is missing", "缺少的材料"), "note": ("Remark", "说明"), "ground": ("Reasons", "理由"),
        "competent": ("Which organ is competent instead", "有权机关"), "handler": ("Officer", "经办人"), "kind": ("For what", "中止原因"),
        "resume.kind": ("What has ended", "已结束的原因"), "basis": ("Legal basis", "法律依据"), "expected": ("Announced length", "告知时长"),
        "clock": ("Clock", "时限"), "by": ("By how much", "延长时间"), "reason": ("Reason", "理由"), "step": ("Step", "步骤"),
        "outcome": ("Outcome", "结果"), "finding": ("Finding", "结论"), "recommendation": ("Recommendation", "建议"),
        "recommend.opinion": ("Written opinion", "书面意见"), "give-opinion.opinion": ("Opinion", "意见"), "text": ("Text", "内容"),
        "give-opinion.text": ("Reasons", "理由"), "reasons": ("Reasons", "理由"), "how": ("By which way", "送达方式"),
        "material": ("Fee", "费用"), "state": ("What became of it", "办理情况"), "reference": ("Reference of the payment", "缴费凭证号"),
        "office": ("Office", "机构"), "question": ("Question", "问题"), "due": ("Time for the answer", "答复期限"),
        "to": ("Who has to answer", "由谁答复"),
        "open-order.reason": ("What is asked, and why", "督办事项及理由"), "order": ("Order", "督办单"), "answer": ("Answer", "答复"),
        "draw": ("Draw", "抽查"), "unassigned": ("Leave it to nobody yet", "暂不分派"), "materials": ("What is handed in", "补交的材料"),
        "return.reason": ("What has to be examined again", "退回理由"),
        "settle-fee.reason": ("Why it is waived or refunded", "减免或退还的理由"),
    ]

    /// One of the words of a parameter, as a choice.
    func word(_ word: String, _ parameter: String, of command: CommandName, _ language: Language) -> String {
        let column =
            switch (command, parameter) {
            case (_, "to"): "told"
            case (GiveOpinion.name, "opinion"): "outcome"
            default: parameter
            }
        return language.cell(column, word).replacing("-", with: " ").capitalizedFirst
    }

    // MARK: Acts

    /// What a command does: what its button says, and in a sentence.
    struct Act {
        let button, effect: String
    }

    func act(_ command: CommandName) -> Act {
        let button = DeskWords.acts[command].map { say($0.0, $0.1) } ?? command.rawValue
        return Act(button: button, effect: language.text(Commands.ofClient(command).declaration.summary))
    }

    static let acts: [CommandName: (String, String)] = [
        Accept.name: ("Accept the case", "受理"), RequestCorrection.name: ("Ask for what is missing", "一次性告知补正"),
        Correct.name: ("Hand in materials", "补交材料"), Decline.name: ("Decline the case", "不予受理"),
        Assign.name: ("Assign the case", "分派案件"), Suspend.name: ("Suspend the clocks", "中止计时"), Resume.name: ("Resume the clocks", "恢复计时"),
        Extend.name: ("Extend the time to decide", "延长办理时限"), Examine.name: ("Record a step of the examination", "登记审查步骤"),
        Recommend.name: ("Recommend to the leader", "提出审查意见"), Return.name: ("Return to the office", "退回审查机构"),
        Grant.name: ("Grant the case", "准予"), Refuse.name: ("Refuse the case", "不予许可"), Withdraw.name: ("Withdraw the case", "撤回申请"),
        Deliver.name: ("Record the delivery", "登记送达"), SettleFee.name: ("Record a fee", "登记费用"), Note.name: ("Add a note", "添加备注"),
        Escalate.name: ("Raise the case one level", "提级督办"), AskOpinion.name: ("Ask another office", "征求其他机构意见"),
        GiveOpinion.name: ("Give the opinion", "答复意见"), WithdrawOpinion.name: ("Go on without the opinion", "不再征求意见"),
        OpenOrder.name: ("Open an order", "发出督办单"), AnswerOrder.name: ("Answer the order", "答复督办单"),
        CloseOrder.name: ("Close the order", "办结督办单"), Recuse.name: ("Recuse yourself", "申请回避"),
        Inspect.name: ("Record an inspection", "登记检查结果"), ErasePersonal.name: ("Erase what it says of persons", "删除个人信息"),
    ]

    // MARK: Texts to begin with

    var textMet: String { say("Conditions met", "符合条件") }
    var textMetWords: String {
        say("The materials are complete, and the conditions of {} are met.", "材料齐全，符合{}规定的条件。")
    }
    var textUnmet: String { say("A condition is not met", "不符合条件") }
    var textUnmetWords: String { say("This condition is not met: {} ({}). It was found that ", "不符合以下条件：{}（{}）。经查，") }
    var textRefuse: String { say("Conditions not met", "不符合条件") }
    var textRefuseWords: String { say("The conditions of {} are not met, since ", "不符合{}规定的条件，理由如下：") }
    var textNotOurs: String { say("Another organ is competent", "不属本机关职权") }
    var textNotOursWords: String { say("Another organ is competent for this application.", "该申请事项不属于本机关职权范围，请向有权机关申请。") }
    var textNoLicence: String { say("No licence is needed", "无需许可") }
    var textNoLicenceWords: String { say("What is applied for needs no licence by {}.", "依照{}，该事项不需要取得许可。") }
    var textMore: String { say("More is needed", "需要补充审查") }
    var textMoreWords: String { say("Before a decision this has to be examined: ", "作出决定前，须补充审查以下事项：") }
    var textMissing: String { say("What is missing", "缺少的材料") }
    var textMissingWords: String { say("Please hand in: {}.", "请补交：{}。") }
    var textBasis: String { say("Basis of the matter", "事项依据") }
    var textComplex: String { say("Complex", "情况复杂") }
    var textComplexWords: String { say("The facts are complex, and the examination takes longer than usual.", "案情复杂，审查所需时间较长。") }
    var textWhy: String { say("Why it takes so long", "说明进度") }
    var textWhyWords: String {
        say("Please say why this case has not come on, and by when it will.", "请说明本案件办理进度迟缓的原因及预计完成时间。")
    }
    var textInOrder: String { say("In order", "合格") }
    var textInOrderWords: String { say("Complete and in order.", "材料齐全，办理合规。") }

    // MARK: Signatures

    var signHeading: String { say("Sign it with a key of your own", "用您自己的密钥签名") }
    var signHelp: String {
        say(
            "Where the matter asks for it, the decision carries your own signature. Your key stays with you: the page shows what is signed.",
            "事项要求时，决定须附您本人的签名。密钥由您自己保管，页面仅显示签名内容。")
    }
    var signButton: String { say("Show what is signed", "显示签名内容") }
    var statementLabel: String { say("What you sign", "签名内容") }
    var signSteps: String {
        say(
            "Save the statement as a file. Read it. Sign it on your machine with this command, and paste the file that it writes (ending in .sig) below. A change above makes another statement.",
            "将签名内容保存为文件并核对，在您的电脑上用以下命令签名，再将生成的 .sig 文件内容粘贴到下方。修改上方内容后须重新签名。")
    }
    var saveStatement: String { say("Save the statement as a file", "保存签名内容") }
    var signature: String { say("Signature", "签名") }
    var signatureHelp: String { say("It begins with -----BEGIN SSH SIGNATURE-----", "以 -----BEGIN SSH SIGNATURE----- 开头") }

    // MARK: Supervision

    var supervisionTitle: String { say("What you supervise", "您督查的案件") }
    var supervisesNothing: String { say("You act for no post that supervises.", "您没有督查或审计岗位。") }
    var figuresAndSigns: String { say("Figures, and signs of clocks that are played with", "办理统计与时限异常迹象") }
    var suspendedCases: String { say("Suspended cases", "中止的案件") }
    var machineClock: String { say("The clock and the rules it counts by", "时钟与计时规则变动") }
    var machineClockRemark: String {
        say(
            "What the server recorded about its clock, its calendars and its catalogue, in the order in which it happened.",
            "系统记录的时钟、日历和权责清单变动，按发生先后排列。")
    }
    var noClockEvents: String { say("Nothing of the kind is on record here.", "没有此类记录。") }
    var oldest: String { say("Oldest, submitted", "最早提交") }
    var separation: String {
        say(
            "Whoever supervises a case asks, raises and inspects; they approve none of it, now or later.",
            "督查人可以询问、提级和检查，任何时候都不得参与审批。")
    }
    var ordersTitle: String { say("Orders that are not closed", "未办结的督办单") }
    var ordersRemark: String { say("Open a case to answer or close its order.", "打开案件后可答复或办结督办单。") }
    var noOrders: String { say("There are none.", "没有。") }
    var draw: String { say("Draw", "抽查") }
    var every: String { say("Every", "周期") }
    var size: String { say("Size", "数量") }
    var nextDraw: String { say("Next", "下一次") }
    var commitment: String { say("Word given", "预告") }
    var population: String { say("From cases", "总体") }
    var drawnCases: String { say("Drawn", "抽中") }
    var announcedDraws: String { say("Announced", "已公布") }
    var madeDraws: String { say("Made, the newest first", "已进行，最近的在前") }
    var drawsRemark: String {
        say("Nobody chooses which cases are inspected; anybody can do a draw over.", "检查哪些案件不由任何人选择；任何人都可以重做抽查。")
    }
    var noDraws: String { say("The catalogue announces no draws.", "权责清单没有公布抽查。") }
    var closedFrom: String { say("Cases closed from", "办结时间自") }
    var closedBefore: String { say("Cases closed before", "办结时间至") }
    var committedAt: String { say("Word given at", "预告时间") }
    var secret: String { say("Secret", "密值") }
    var head: String { say("Head of the journal", "日志末项") }
    var seed: String { say("Seed", "种子") }
    var redo: String {
        say("To do it over: casectl inspect draw, then casectl inspect redo.", "重做抽查：casectl inspect draw，再 casectl inspect redo。")
    }
}
