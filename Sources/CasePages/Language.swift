import CaseWire

/// In which language a published page is set.
package enum Language: String, CaseIterable, Sendable {
    case en, zh

    package var words: Words {
        switch self {
        case .en:
            Words(
                code: "en", dutyList: "List of powers and responsibilities", version: "Version", matters: "Matters", matter: "Matter",
                department: "Department", office: "Examined by", leader: "Decided by", commissioner: "Supervised by",
                statutory: "Statutory time", promised: "Promised time", basis: "Legal basis", post: "Post", holder: "Holder", kind: "Part",
                subject: "What", outside: "Posts outside the offices", conditions: "Conditions", materials: "Materials",
                steps: "Examination", areas: "Areas", channels: "How to apply", window: "Window", silence: "Silence",
                silenceGrants: "counts as granted",
                fees: "Fees",
                result: "Result", remarks: "Further remarks", allMatters: "all matters",
                kinds: [
                    .mainDuty: "main duty", .duty: "duty", .examines: "examines", .decides: "decides", .supervises: "supervises",
                    .audits: "audits",
                ], issued: "Date of issue", complaints: "Where to complain", optional: " (optional)", guides: "Service guides",
                duties: "Duties", powers: "Powers", administration: "Administration",
                terms: [
                    "working-days": "working days", "calendar-days": "calendar days", "working-hours": "working hours",
                    "working-minutes": "working minutes",
                ])
        case .zh:
            Words(
                code: "zh", dutyList: "权力和责任清单", version: "版本", matters: "审批事项", matter: "事项", department: "部门", office: "审查机构",
                leader: "决定人", commissioner: "督查人", statutory: "法定时限", promised: "承诺时限", basis: "法律依据", post: "岗位", holder: "任职人",
                kind: "职责类别", subject: "内容", outside: "机构以外的岗位", conditions: "申请条件", materials: "申请材料", steps: "审查步骤", areas: "办理区域",
                channels: "办理方式",
                window: "办理窗口",
                silence: "逾期不答复", silenceGrants: "视为准予", fees: "收费", result: "办理结果", remarks: "其他说明", allMatters: "全部事项",
                kinds: [.mainDuty: "主要职责", .duty: "职责", .examines: "审查", .decides: "决定", .supervises: "督查", .audits: "审计"],
                issued: "公布日期", complaints: "投诉渠道", optional: "（非必交）", guides: "办事指南", duties: "职责", powers: "职权",
                administration: "行政机关",
                terms: [
                    "working-days": "个工作日", "calendar-days": "日", "working-hours": "个工作小时", "working-minutes": "个工作分钟", "months": "个月",
                    "weeks": "周", "hours": "小时",
                    "minutes": "分钟", "online": "网上", "window": "窗口", "post": "邮寄",
                ])
        }
    }
}

extension Language {
    /// What a page says of a store for training, by what the server said; nil where it is for real.
    package func training(_ result: JSONValue) -> String? {
        guard result["training"]?.bool == true else { return nil }
        return switch self {
        case .en: "For training: one person may have played everybody here. Nothing on this page is an act of an administration."
        case .zh: "培训数据：可能由一人扮演所有角色，本页内容不具有行政效力。"
        }
    }
}

extension Language {
    /// A length by itself, as the catalogue writes it, but one unit as one.
    package func oneUnit(_ length: String) -> String {
        self == .zh ? words.translated(length) : length.hasPrefix("1 ") && length.hasSuffix("s") ? String(length.dropLast()) : length
    }
}

/// The headings of published pages.
package struct Words {
    package let code, dutyList, version, matters, matter, department, office, leader, commissioner, statutory, promised, basis: String
    package let post, holder, kind, subject, outside, conditions, materials, steps, areas, channels, window, silence, silenceGrants,
        fees: String
    package let result, remarks, allMatters: String
    package let kinds: [DutyList.Entry.Kind: String]
    package let issued, complaints: String
    /// Behind the name of what may be missing.
    package let optional: String
    package let guides, duties, powers, administration: String
    /// For the units of lengths and the ways to apply that the catalogue names; those that are not here are shown as they are.
    package let terms: [String: String]

    /// A length such as `20 working-days`, or a way to apply, in this language.
    package func translated(_ text: String) -> String {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return terms[text] ?? text }
        let unit = terms[parts[1]] ?? parts[1]
        return parts[0] + " " + (code == "en" && parts[0] == "1" && unit.hasSuffix("s") ? String(unit.dropLast()) : unit)
    }
}
