import CaseWire

/// A decision as a page that needs nothing else: to print, to hand over, and to check.
package struct DecisionPage {
    private let result: JSONValue
    private let at: String
    private let language: Language
    private let words: Words

    /// - Parameter at: when it was decided.
    package init(_ result: JSONValue, at: String, _ language: Language) {
        self.result = result
        self.at = at
        self.language = language
        words = language == .zh ? .chinese : .english
    }

    package var html: String {
        let signed = Verification.signed(result)
        return Page.html(
            "decision",
            Content(
                title: words.title + (result.cell("case") ?? ""), language: language.rawValue, training: language.training(result),
                facts: facts, remark: remark, sections: signed.map(section)))
    }

    private struct Content: PageContent {
        let title: String
        let language: String
        let training: String?
        let facts: [PageFact]
        let remark: String?
        let sections: [Section]
    }

    private struct Section {
        let heading: String
        let facts: [PageFact]
        let statement: String
        let signature: String?
        let how: String
        let commands: String?
    }

    package var facts: [PageFact] {
        let seal = result["seal"]
        let said = seal?["said"] ?? (result["signatures"]?.array ?? []).last?["said"]
        let people = [
            (words.applicant, [said?.cell("applicant-name"), said?.cell("applicant-id")].compactMap { $0 }),
            (words.about, [said?.cell("title")].compactMap { $0 }), (words.reasons, [said?.cell("reasons")].compactMap { $0 }),
        ]
        let decided = result.cell("decision") ?? ""
        return
            ([
                (words.matter, [result.cell("matter") ?? ""]),
                (words.decision, [language == .zh ? Glossary.events[decided] ?? decided : decided]),
                (words.at, [at]), (words.by, [result.cell("by") ?? ""]), (words.office, [result.cell("office") ?? ""]),
            ] + people).filter { !$0.1.allSatisfy(\.isEmpty) }.map { PageFact($0.0, $0.1) }
    }

    /// What is to be said of its seal; nil where it has one.
    package var remark: String? {
        guard let seal = result["seal"], seal.members != nil else { return words.unsealed }
        return seal.cell("signature") == nil ? words.missing : nil
    }

    private func section(_ signed: JSONValue) -> Section {
        let person = signed.cell("by")
        let facts = [
            (words.signer, person ?? ""), (words.key, signed.cell("key") ?? ""), (words.fingerprint, signed.cell("fingerprint") ?? ""),
            (words.purpose, signed.cell("namespace") ?? ""), (words.salt, signed.cell("salt") ?? ""),
        ].filter { !$0.1.isEmpty }.map { PageFact($0.0, [$0.1]) }
        let signature = signed.cell("signature")
        return Section(
            heading: person == nil ? words.seal : words.own, facts: facts, statement: signed.cell("statement") ?? "", signature: signature,
            how: words.how, commands: signature == nil ? nil : Verification.commands(signed, result).joined(separator: "\n"))
    }

    private struct Words {
        let title, matter, decision, at, by, office, applicant, about, reasons, signer, key, fingerprint, purpose, salt, seal, own: String
        let unsealed, missing, how: String

        static let english = Words(
            title: "Decision on ", matter: "Matter", decision: "Decision", at: "At", by: "By", office: "Office", applicant: "Applicant",
            about: "About", reasons: "Reasons", signer: "Signed by", key: "Key", fingerprint: "Fingerprint", purpose: "Purpose",
            salt: "Salt",
            seal: "Seal of the office", own: "Signature of a person",
            unsealed: "This decision was not sealed: the catalogue named no seal.",
            missing: "No seal could be set: time decided, and no key counted or was at hand.",
            how: "To check it: the keys come from the office's administration, in any way that you trust.")
        static let chinese = Words(
            title: "决定：", matter: "事项", decision: "决定", at: "时间", by: "作出人", office: "机构", applicant: "申请人", about: "标题", reasons: "理由",
            signer: "签名人", key: "密钥", fingerprint: "指纹", purpose: "用途", salt: "盐值", seal: "机构电子印章", own: "本人签名",
            unsealed: "此决定未加盖电子印章：清单没有列明印章。", missing: "未能加盖电子印章：因时限届满而决定，当时没有可用的密钥。",
            how: "核验方法：公钥清单由机构的管理部门以您信任的方式提供。")
    }
}
