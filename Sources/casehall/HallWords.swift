import CasePages

/// What the hall says itself, in one language.
struct HallWords: Sendable {
    let languageName, skip, navigation, footer, start, matters, status, dutyList, figures, toStart: String
    let errorTitle, errorHeading, sessionOver, optional: String
    let welcomeTitle, welcome, departments, modules, module, search, searchLabel, searchHelp, found, foundNothing, count: String
    let dueNow, dueHelp, byLaw, provisional, who: String
    let receipt, receiptHelp, receiptMissing, receiptUnknown, tooManyLookups, lookUp, another: String
    let state, submitted, closed, next, missing, until, told, feesDue, decisionDue, statutoryDue, suspended, suspendedUntil, revoked,
        receiptShown: String
    let verifyHeading, verify, sealKey, keys, statement, signature, command: String
    let titles: [String: String]
    let sentences: [String: String]

    /// Of a page that says why there is no other.
    func title(of trouble: Trouble) -> String {
        titles[HallWords.key(trouble)] ?? titles["fault"] ?? ""
    }

    func sentence(of trouble: Trouble) -> String {
        let sentence = sentences[HallWords.key(trouble)] ?? sentences["fault"] ?? ""
        guard case .file(.tooLarge(let limit)) = trouble else { return sentence }
        return sentence.replacing("{}", with: "\(limit >> 20 > 0 ? "\(limit >> 20) MiB" : "\(limit) B")")
    }

    private static func key(_ trouble: Trouble) -> String {
        switch trouble {
        case .malformed: "malformed"
        case .missing: "missing"
        case .tooLarge: "tooLarge"
        case .otherType: "otherType"
        case .tooSlow: "tooSlow"
        case .fromElsewhere: "fromElsewhere"
        case .notTheProxy: "notTheProxy"
        case .notBelieved: "notBelieved"
        case .fault: "fault"
        case .method: "method"
        case .tooMany: "tooMany"
        case .daemonAway: "daemonAway"
        case .daemonSlow: "daemonSlow"
        case .daemonReadOnly: "daemonReadOnly"
        case .daemonBusy: "daemonBusy"
        case .file(.notTaken): "fileNotTaken"
        case .file(.tooLarge): "fileTooLarge"
        case .file(.infected): "fileInfected"
        case .file(.notScanned): "fileNotScanned"
        case .file(.notKept): "fileNotKept"
        case .refused(let kind, _): kind.hasSuffix(".not_found") ? "missing" : "refused"
        }
    }
}

extension Language {
    var hallWords: HallWords {
        switch self {
        case .en: .english
        case .zh: .chinese
        }
    }
}

extension HallWords {
    static let english = HallWords(
        languageName: "English", skip: "To the content", navigation: "Pages of the hall",
        footer: "Each case goes through exactly one office and exactly one leader to a decision.",
        start: "Start", matters: "Matters", status: "Where is my case?", dutyList: "Powers and duties", figures: "Figures",
        toStart: "To the start page", errorTitle: "Error: ", errorHeading: "There is a problem",
        sessionOver: "This page was open for too long, or in another session. What you typed is still here: send it again.",
        optional: " (optional)",
        welcomeTitle: "What do you want to do?",
        welcome: "What you can apply for, what it takes, how long it takes, and who answers for it.", departments: "Departments",
        modules: "Modules", module: "Module", search: "Search", searchLabel: "Search the matters",
        searchHelp: "Such as a permit, a material or a law.",
        found: "Matters found", foundNothing: "No matter has all of these words. Try fewer of them, or look at all matters.",
        count: "matters", dueNow: "If a complete application comes in now",
        dueHelp: "The days of the calendar count from the next one on; what is missing takes longer.", byLaw: "by law",
        provisional: "provisional: the calendar is not official that far", who: "Who answers for it",
        receipt: "Receipt", receiptHelp: "It stands on what you got when you applied, and looks like 7QK2-M9XD-4RTA.",
        receiptMissing: "Enter the receipt",
        receiptUnknown: "There is no case with this receipt. Look at it again: it looks like 7QK2-M9XD-4RTA.",
        tooManyLookups: "Too many receipts were looked up from your address. Try again in a minute.", lookUp: "Show the state",
        another: "Look up another receipt",
        state: "State", submitted: "Submitted", closed: "Closed", next: "Who has to act next", missing: "What is missing",
        until: "To be handed in until", told: "What the office said", feesDue: "Fees to be settled", decisionDue: "To be decided by",
        statutoryDue: "By law at the latest", suspended: "The clocks stand still for", suspendedUntil: "Announced until",
        revoked: "Revoked", receiptShown: "Receipt",
        verifyHeading: "How to check a decision",
        verify:
            "The decision is sealed with the key of its office. Save the three texts below as statement, statement.sig and allowed_signers, and the command says whether the seal is right. What the statement says of persons stands in it as commitments only.",
        sealKey: "Key", keys: "The keys of all seals (allowed_signers)", statement: "What is sealed (statement)",
        signature: "Seal (statement.sig)",
        command: "To check it",
        titles: [
            "malformed": "This could not be read", "missing": "There is no such page", "tooLarge": "That was too much",
            "otherType": "Forms of this type are not taken", "tooSlow": "That took too long",
            "fromElsewhere": "This did not come from the hall",
            "notTheProxy": "Not this way", "notBelieved": "Your login could not be believed", "fault": "Something went wrong here",
            "method": "This cannot be done with the page", "tooMany": "Too many requests", "daemonAway": "The hall is closed for a moment",
            "daemonSlow": "That takes longer than usual", "daemonReadOnly": "Nothing can be handed in now", "daemonBusy": "There is a rush",
            "fileNotTaken": "Files are not taken", "fileTooLarge": "The file is too large", "fileInfected": "The file was refused",
            "fileNotScanned": "The file could not be examined", "fileNotKept": "The file could not be kept",
            "refused": "That is not possible",
        ],
        sentences: [
            "malformed": "What your browser sent could not be read. Go back and try again.",
            "missing": "The address may have been mistyped, or what was there is no longer in the catalogue.",
            "tooLarge": "What was sent has more than the hall takes at once. Send less, or in several parts.",
            "otherType": "Send the form from the page of the hall.",
            "tooSlow": "The form took too long to come. Try again where the connection is better.",
            "fromElsewhere": "A form was sent from another site, so nothing was done. Open the page here and send it again.",
            "notTheProxy": "This hall is reached through its proxy only.",
            "notBelieved": "Who you are was said in a way that does not hold. Log in again.",
            "fault": "Nothing is known to have been done. Try again; where it stays so, tell the office.",
            "method": "The page can be looked at, and no more.",
            "tooMany": "Your address has sent more than the hall takes from one. Wait a moment.",
            "daemonAway": "The register of cases is starting anew. Nothing of yours was lost: try again in a few seconds.",
            "daemonSlow":
                "The register of cases has not answered in time. If you sent something, send it again: it is done only once.",
            "daemonReadOnly": "The register of cases can be read but takes nothing now. Nothing was changed: try again later.",
            "daemonBusy": "The register of cases has too much to do. Nothing was changed: try again in a moment.",
            "fileNotTaken": "This hall takes no files. Hand them in at the window.", "fileTooLarge": "A file may have at most {}.",
            "fileInfected": "The examination found something in the file that may do harm. Nothing was kept.",
            "fileNotScanned": "The file could not be examined now, so nothing was kept. Try again in a moment.",
            "fileNotKept": "The hall has no room for the file now, so nothing was kept. Try again later.",
        ])

    static let chinese = HallWords(
        languageName: "中文", skip: "跳到正文", navigation: "大厅页面", footer: "每个案件由一个机构审查，由一名领导决定。",
        start: "首页", matters: "办事事项", status: "办理进度查询", dutyList: "权责清单", figures: "办理统计", toStart: "返回首页",
        errorTitle: "错误：", errorHeading: "请更正以下问题", sessionOver: "此页面打开时间过长，或属于另一次会话。您填写的内容仍在，请重新提交。", optional: "（非必填）",
        welcomeTitle: "您要办什么事？", welcome: "可以申请什么、需要什么、多长时间、由谁负责。", departments: "部门", modules: "职能模块", module: "职能模块", search: "搜索",
        searchLabel: "搜索事项",
        searchHelp: "例如许可、材料或法律名称。", found: "搜索结果", foundNothing: "没有包含全部这些词的事项。请减少搜索词，或查看全部事项。", count: "个事项",
        dueNow: "现在提交齐全的申请", dueHelp: "自次日起按日历计算；材料不齐的，时间相应延长。", byLaw: "法定", provisional: "暂定：日历尚未公布到此日", who: "由谁负责",
        receipt: "回执号", receiptHelp: "见申请时取得的回执，形如 7QK2-M9XD-4RTA。", receiptMissing: "请输入回执号",
        receiptUnknown: "没有此回执号的案件。请核对：形如 7QK2-M9XD-4RTA。", tooManyLookups: "您的地址查询过于频繁，请一分钟后再试。", lookUp: "查询",
        another: "查询另一回执", state: "状态", submitted: "提交时间", closed: "办结时间", next: "下一步由谁办理", missing: "缺少的材料", until: "补交期限",
        told: "机构告知", feesDue: "待缴费用", decisionDue: "决定期限", statutoryDue: "法定期限", suspended: "中止计时原因", suspendedUntil: "告知的中止期限",
        revoked: "已撤销", receiptShown: "回执号", verifyHeading: "如何核验决定",
        verify: "决定加盖了机构电子印章。请将以下三段文字分别存为 statement、statement.sig 和 allowed_signers，再运行下面的命令核验。正文中涉及个人的内容仅以承诺值列出。", sealKey: "密钥",
        keys: "全部印章公钥（allowed_signers）", statement: "盖章正文（statement）", signature: "印章（statement.sig）", command: "核验命令",
        titles: [
            "malformed": "无法读取", "missing": "没有此页面", "tooLarge": "内容过多", "otherType": "不接受此类表单", "tooSlow": "用时过长",
            "fromElsewhere": "不是从本大厅提交", "notTheProxy": "不能这样访问", "notBelieved": "无法确认您的登录", "fault": "本大厅出现问题", "method": "此页面不能这样使用",
            "tooMany": "请求过于频繁", "daemonAway": "大厅暂停片刻", "daemonSlow": "比平时慢", "daemonReadOnly": "现在不能提交", "daemonBusy": "现在办理人多",
            "fileNotTaken": "不接收文件", "fileTooLarge": "文件过大", "fileInfected": "文件被拒收", "fileNotScanned": "文件未能检查", "fileNotKept": "文件未能保存",
            "refused": "不能办理",
        ],
        sentences: [
            "malformed": "浏览器发送的内容无法读取。请返回后重试。", "missing": "地址可能有误，或原有内容已不在清单中。", "tooLarge": "发送的内容超过一次可接收的数量。请减少，或分次发送。",
            "otherType": "请从本大厅的页面提交表单。", "tooSlow": "表单传送时间过长。请在网络较好时重试。", "fromElsewhere": "表单来自其他网站，未作任何处理。请在本页面打开后重新提交。",
            "notTheProxy": "本大厅只能通过其代理访问。", "notBelieved": "身份信息无效。请重新登录。", "fault": "未知是否已办理。请重试；如仍然如此，请告知机构。",
            "method": "此页面只能查看。", "tooMany": "您的地址发送的请求过多。请稍候。", "daemonAway": "案件登记系统正在重新启动。您的内容没有丢失：请数秒后重试。",
            "daemonSlow": "案件登记系统未及时答复。如已提交，请再次提交：只会办理一次。", "daemonReadOnly": "案件登记系统现在只能查看。未作任何变更：请稍后重试。",
            "daemonBusy": "案件登记系统现在繁忙。未作任何变更：请稍候重试。", "fileNotTaken": "本大厅不接收文件。请到窗口提交。", "fileTooLarge": "单个文件不得超过 {}。",
            "fileInfected": "检查发现文件可能有害，未保存。", "fileNotScanned": "文件现在无法检查，未保存。请稍候重试。", "fileNotKept": "本大厅现在没有空间保存文件。请稍后重试。",
        ])
}
