import CaseCore

/// The words of the trade in Chinese: one for each thing, wherever it is said. A case is 案件, its matter 事项, what ran out 逾期.
package enum Glossary {
    // MARK: Words that the core declares

    package static func state(_ state: State) -> String {
        switch state {
        case .submitted: "已提交"
        case .correction: "补正中"
        case .inReview: "审查中"
        case .withLeader: "待决定"
        case .granted: "准予"
        case .refused: "不予许可"
        case .deemedGranted: "视为准予"
        case .notAccepted: "不予受理"
        case .withdrawn: "已撤回"
        case .lapsed: "失效"
        }
    }

    package static func clock(_ kind: ClockKind) -> String {
        switch kind {
        case .intake: "受理"
        case .correction: "补正"
        case .decision: "法定办理"
        case .promise: "承诺办理"
        case .review: "审查"
        case .leader: "决定"
        case .suspension: "中止"
        case .delivery: "送达"
        case .order: "督办"
        case .opinion: "征求意见"
        }
    }

    package static func role(_ role: Role) -> String {
        switch role {
        case .submitter: "申请人"
        case .office: "审查机构"
        case .leader: "决定人"
        case .extensionAuthority: "延期批准人"
        case .consulted: "被征求意见机构"
        case .commissioner: "督查人"
        case .auditor: "审计人"
        case .admin: "管理员"
        case .clock: "时限"
        case .catalog: "权责清单"
        case .revocation: "撤销案件"
        }
    }

    package static func light(_ light: Light) -> String {
        switch light {
        case .green: "绿灯"
        case .yellow: "黄灯"
        case .red: "红灯"
        case .none: "无"
        }
    }

    package static func timeliness(_ timeliness: Timeliness) -> String {
        switch timeliness {
        case .inTime: "按时"
        case .promiseMissed: "超过承诺时限"
        case .late: "超过法定时限"
        }
    }

    package static func suspension(_ kind: Suspension.Kind) -> String {
        switch kind {
        case .hearing: "听证"
        case .expertReview: "专家评审"
        case .inspection: "检验检测"
        case .appraisal: "鉴定"
        case .applicant: "申请人原因"
        case .forceMajeure: "不可抗力"
        }
    }

    package static func addressee(_ addressee: Addressee) -> String {
        switch addressee {
        case .handler: "经办人"
        case .officeHead: "机构负责人"
        case .leader: "决定人"
        case .commissioner: "督查人"
        case .departmentHead: "部门负责人"
        case .applicant: "申请人"
        case .auditor: "审计人"
        case .confirmer: "确认人"
        }
    }

    /// What happened, as a heading in a history.
    package static let events = [
        "submitted": "提交", "accepted": "受理", "deemed-accepted": "视为受理", "correction-requested": "补正告知", "corrected": "补正",
        "declined": "不予受理", "assigned": "分派", "suspended": "中止", "resumed": "恢复", "extended": "延长", "examined": "审查步骤",
        "recommended": "审查意见", "returned": "退回", "granted": "准予", "refused": "不予许可", "deemed-granted": "视为准予", "withdrawn": "撤回",
        "lapsed": "失效", "delivered": "送达", "noted": "备注", "escalated": "提级督办", "rung-passed": "时限提醒", "order-opened": "发出督办单",
        "order-answered": "督办单答复", "order-closed": "督办单办结", "order-ended": "督办单终止", "recused": "回避", "rerouted": "转办",
        "reprojected": "期限重算", "inspected": "抽查结果", "drawn": "被抽中", "opinion-asked": "征求意见", "opinion-given": "答复意见",
        "opinion-overdue": "意见逾期", "opinion-withdrawn": "不再征求意见", "fee-settled": "费用登记", "revocation-opened": "启动撤销程序",
        "revocation-ended": "终止撤销程序", "revoked": "撤销", "read": "查阅", "read-by-admin": "管理员查阅", "cases-read": "查阅列表",
        "catalog-applied": "清单变更", "catalog-scheduled": "清单预定变更", "catalog-cancelled": "清单变更取消", "catalog-confirmed": "清单确认",
        "draw-committed": "抽查预告", "draw-made": "进行抽查", "clock-stepped": "时钟调整", "clock-confirmed": "时钟确认",
        "reprojection-started": "开始重算期限", "reprojection-finished": "完成重算期限", "zones-changed": "时区数据变更",
        "backed-up": "备份", "restored": "恢复数据", "personal-apart": "个人信息开始分存", "erasure-agreed": "同意删除个人信息",
    ]

    /// Of orders and fees, of opinions and outcomes, and further words that stand alone in a cell.
    private static let orders = ["open": "待答复", "answered": "已答复", "closed": "已办结", "ended": "已终止"]
    private static let fees = ["due": "未缴", "paid": "已缴", "waived": "减免", "refunded": "已退"]
    private static let outcomes = ["in-order": "合格", "defective": "不合格", "for": "同意", "against": "不同意", "none": "无意见"]
    private static let recommendations = ["grant": "准予", "refuse": "不予许可"]
    /// What keeps a clock, but for suspensions.
    private static let pauses = ["elsewhere": "案卷不在本环节"]
    private static let channels = ["online": "网上", "window": "窗口", "post": "邮寄"]
    private static let units = [
        "working-days": "工作日", "calendar-days": "日", "working-hours": "工作小时", "working-minutes": "工作分钟", "hours": "小时", "minutes": "分钟",
        "months": "个月", "weeks": "周",
    ]
    private static let answers = ["yes": "是", "no": "否"]
    private static let periods = ["week": "每周", "month": "每月", "quarter": "每季度"]
    private static let actors = ["clock": "时限", "catalog": "权责清单"]
    private static let stands = [
        "running": "计时中", "overdue": "逾期", "paused": "暂停", "provisional": "暂定", "ended": "已结束", "suspended": "中止", "kept": "保持不变",
        "breached": "逾期",
    ]

    // MARK: Cells

    /// What stands in a cell that holds one of those words, by the name of its column or the label of its fact; any other text as it is.
    package static func cell(_ column: String, _ text: String) -> String {
        func word<W: Word & RawRepresentable>(_ say: (W) -> String) -> String? where W.RawValue == String { W(rawValue: text).map(say) }
        switch column {
        case "weekday": return weekdays[text] ?? text
        case "state":
            // A suspended case says so behind its state.
            let parts = text.split(separator: ", ").map(String.init)
            let said = parts.map { part in State(rawValue: part).map(state) ?? orders[part] ?? fees[part] ?? stands[part] ?? part }
            return said.joined(separator: "，")
        case "light": return word(light) ?? text
        case "clock":
            let kind = String(text.prefix { $0 != " " })
            let of = String(text.dropFirst(kind.count + 1))
            return ClockKind(rawValue: kind).map { [clock($0), Suspension.Kind(rawValue: of).map(suspension) ?? of] }.map { parts in
                parts.filter { !$0.isEmpty }.joined(separator: " ")
            } ?? text
        case "role", "next", "waits_for":
            let role = String(text.prefix { $0 != " " })
            return Role(rawValue: role).map { Glossary.role($0) + text.dropFirst(role.count) } ?? text
        case "event": return events[text] ?? text
        case "timeliness": return word(timeliness) ?? text
        case "addressee", "told": return word(addressee) ?? text
        case "suspended", "kind": return word(suspension) ?? pauses[text] ?? text
        case "name" where text == "total": return "合计"
        case "channel": return channels[text] ?? text
        case "outcome": return outcomes[text] ?? text
        case "recommendation": return recommendations[text] ?? text
        case "unit": return units[text] ?? text
        case "every": return periods[text] ?? text
        case "by", "via": return actors[text] ?? text
        case "confirmed", "late", "erased": return answers[text] ?? text
        case "status": return text.split(separator: ", ").map { stands[String($0)] ?? String($0) }.joined(separator: "，")
        // These are sentences of the program's own.
        case "notes", "what_happened":
            return text.split(separator: "; ").map { Phrases.chinese(String($0)) ?? String($0) }.joined(separator: "；")
        default: return text
        }
    }

    /// A word wherever it stands in a sentence, where it can mean one thing only.
    package static func word(_ text: String) -> String? {
        State(rawValue: text).map(state) ?? (text == "leader" ? nil : ClockKind(rawValue: text).map(clock))
            ?? Role(rawValue: text).map(role) ?? Suspension.Kind(rawValue: text).map(suspension) ?? Addressee(rawValue: text).map(addressee)
            ?? units[text] ?? fees[text]
            ?? ["added": "新增", "changed": "更改", "removed": "删除", "decided": "已决定", "closed": "已办结", "delivered": "已送达"][text]
    }

    /// What stands before a value in what an event says.
    package static let members = [
        "reason": "理由", "reasons": "理由", "order": "督办单", "finding": "结论", "office": "机构", "due": "期限", "outcome": "结果", "note": "说明",
        "handler": "经办人", "by": "办理人", "text": "内容", "state": "状态", "opinion": "意见", "materials": "材料", "kind": "类别", "draw": "抽查",
        "to": "至", "from": "自", "step": "步骤", "revocation": "撤销案件", "known_as": "所知身份", "erased": "已删除", "reference": "凭证号",
        "material": "材料", "deeming": "视为的依据", "at": "时间",
        "recommendation": "审查意见", "question": "问题", "missing": "缺少", "method": "方式", "level": "级别", "how": "送达方式", "ground": "理由",
        "expected": "告知时长", "competent": "有权机关", "clock": "时限", "catalog_version": "清单版本", "basis": "法律依据", "answer": "答复",
        "suspension": "中止", "suspends": "中止计时", "supervisors": "督查人", "submitters": "提交人", "since": "自", "rung": "提醒级", "released": "收回",
        "receipt": "回执号", "post": "岗位", "person": "人员", "moves": "变动", "late": "迟到", "kept": "保持", "generation": "轮次", "firm": "已公布",
        "effective": "生效", "draws": "抽查", "draw_posts": "抽查岗位", "case": "案件", "asked": "被征求意见", "addressees": "告知对象", "amount": "长度",
        "title": "标题", "field": "数据", "fields": "数据", "of": "其中", "matter": "事项", "channel": "途径", "area": "区域", "refers_to": "针对案件",
        "by_ms": "毫秒", "version": "版本", "digest": "摘要值", "believed": "已采信", "leader": "决定人",
        "commissioner": "督查人", "announced": "已告知", "fee": "费用", "sole": "一人", "all": "全部", "set_to": "调整为", "was": "原为",
    ]

    private static let weekdays = [
        "monday": "周一", "tuesday": "周二", "wednesday": "周三", "thursday": "周四", "friday": "周五", "saturday": "周六", "sunday": "周日",
    ]

    /// One member of what an event says, such as `reason: …`. What somebody wrote stays as it is.
    package static func member(_ name: String, _ value: String, of event: String) -> String {
        let said =
            switch (event, name) {
            case (_, "recommendation"), (_, "state"), (_, "kind"), (_, "clock"), (_, "channel"): cell(name, value)
            case ("examined", "outcome"), ("inspected", "outcome"), ("opinion-given", "opinion"): cell("outcome", value)
            case ("order-opened", "to"): cell("told", value)
            case (_, "expected"), (_, "amount"), (Extended.name, "by"): Language.zh.length(value)
            default: value
            }
        // In all other events it is who did something.
        let label = name == "by" && event == Extended.name ? "延长时间" : members[name] ?? name
        return "\(label)：\(said)"
    }
}

extension Language {
    /// A sentence with values in it, see `Say.fill`.
    package func filled(_ english: String, _ values: [String]) -> String {
        guard self == .en else { return Phrases.filled(english, values) }
        return values.reduce(english) { text, value in
            text.firstRange(of: "{}").map { String(text[..<$0.lowerBound]) + value + text[$0.upperBound...] } ?? text
        }
    }

    /// A length that is written with its unit.
    package func length(_ text: String) -> String {
        words.translated(text)
    }
}
