import CaseCore

/// Sentences with values in them, in Chinese: what the server and casectl say in English is known by its pattern.
package enum Phrases {
    /// A sentence in Chinese, with the values that stand in the English one; nil where there is none for it.
    package static func chinese(_ sentence: String) -> String? {
        if let text = Chinese.texts[sentence] { return text }
        for pattern in patterns {
            guard let values = pattern.values(in: sentence) else { continue }
            return pattern.filled(pattern.said(values))
        }
        return nil
    }

    /// A line, set in as it was; as it is where there is no sentence for it.
    package static func line(_ line: String) -> String {
        let margin = line.prefix { $0 == " " }
        return margin + (chinese(String(line.dropFirst(margin.count))) ?? String(line.dropFirst(margin.count)))
    }

    /// A sentence by its English pattern, with values that are said already.
    package static func filled(_ english: String, _ values: [String]) -> String {
        byEnglish[english].map { $0.filled(values) } ?? Pattern(english, english).filled(values)
    }

    /// A value as it stands in a Chinese sentence: words of the trade, lengths, and who could do something.
    package static func value(_ text: String) -> String {
        if let said = Glossary.word(text) ?? chinese(text) { return said }
        let length = Language.zh.length(text)
        if length != text { return length }
        if text.contains(" or ") { return text.split(separator: " or ").map { value(String($0)) }.joined(separator: "或") }
        if text.contains(" and for ") { return text.split(separator: " and for ").map { value(String($0)) }.joined(separator: "、") }
        for (english, chinese) in [("office ", "机构 "), ("post ", "岗位 "), ("version ", "版本 ")]
        where text.hasPrefix(english) && !text.contains(", ") {
            return chinese + text.dropFirst(english.count).replacing(" (", with: "（").replacing(")", with: "）")
        }
        if isList(text) { return text.split(separator: ", ").map { value(String($0)) }.joined(separator: "、") }
        return text
    }

    /// Whether commas divide things that are named. They also stand in sentences, and in TOML.
    private static func isList(_ text: String) -> Bool {
        text.contains(", ") && !text.contains { "(\"[]{}=".contains($0) }
            && text.split(separator: ", ").allSatisfy { $0.split(separator: " ").count <= 3 }
    }

    /// What is data, such as ids and what somebody wrote, as it is; but several ids are listed as Chinese lists things.
    private static func data(_ text: String) -> String {
        let ids = text.split(separator: ", ", omittingEmptySubsequences: false)
        return ids.allSatisfy { $0.wholeMatch(of: /[\w.-]+/) != nil } ? ids.joined(separator: "、") : text
    }

    /// A pattern, such as `one of {}`, and what it is in Chinese, where `{}` takes the values in their order and `{2}` a certain one. What
    /// `{=}` or `{=2}` takes is data.
    private struct Pattern {
        private let pieces: [String]
        private let chinese: String
        /// The places of values that are data.
        private let data: Set<Int>
        /// Letters that a sentence has to have.
        let weight: Int

        init(_ english: String, _ chinese: String) {
            pieces = english.split(separator: "{}", omittingEmptySubsequences: false).map(String.init)
            weight = pieces.reduce(0) { $0 + $1.count }
            guard chinese.contains("{=") else {
                (self.chinese, data) = (chinese, [])
                return
            }
            self.chinese = chinese.replacing("{=", with: "{")
            let holes = chinese.matches(of: /{(=?)([0-9]*)}/)
            data = Set(holes.enumerated().filter { $0.element.1 == "=" }.map { place, hole in Int(hole.2).map { $0 - 1 } ?? place })
        }

        /// The values as they stand in a Chinese sentence.
        func said(_ values: [String]) -> [String] {
            values.enumerated().map { data.contains($0) ? Phrases.data($1) : Phrases.value($1) }
        }

        /// What stands for `{}` in a sentence; nil where the sentence is another one.
        func values(in sentence: String) -> [String]? {
            guard sentence.hasPrefix(pieces[0]) else { return nil }
            var (rest, values): (Substring, [String]) = (sentence.dropFirst(pieces[0].count), [])
            for (place, piece) in pieces.enumerated().dropFirst() {
                let isLast = place == pieces.count - 1
                if isLast {
                    guard rest.hasSuffix(piece) else { return nil }
                    values.append(String(rest.dropLast(piece.count)))
                    return values
                }
                guard let found = rest.firstRange(of: piece) else { return nil }
                values.append(String(rest[..<found.lowerBound]))
                rest = rest[found.upperBound...]
            }
            return rest.isEmpty ? values : nil
        }

        func filled(_ values: [String]) -> String {
            var text = chinese
            for (place, value) in values.enumerated() { text = text.replacing("{\(place + 1)}", with: value) }
            for value in values where text.contains("{}") {
                guard let hole = text.firstRange(of: "{}") else { break }
                text.replaceSubrange(hole, with: value)
            }
            return text
        }
    }

    /// Patterns that are filled and say too little to be known again in a sentence.
    private static let forms: Set = [
        "by {}", "for {}", "via {}", "to {}", "from {}", "{} to {}", "{} of {}", "due {}", "{} due {}", "{}, by {} at {}", "by {} at {}",
        "by {} at {}: {}",
        "{} since {}, {}", "{}, asked {}: {}; {}", "{} ({}), announced for {}", "until {}", "ended {}", "awaited", "Error: {}",
        "{} is {}, not {}",
        "--{} is {}", "parameter {} {}",
        "{} in {}", "the end of {}", "{}, {}: {}", "worked {}", "\"{}\", by {}", "calendar {}", "version {}", "off",
    ]

    /// The one that says most first.
    private static let patterns = (refusals + hints + usage + reports + catalogue).filter { !forms.contains($0.0) }
        .map { Pattern($0.0, $0.1) }.sorted { $0.weight > $1.weight }

    private static let byEnglish = Dictionary(
        (refusals + hints + usage + reports + catalogue).map { ($0.0, Pattern($0.0, $0.1)) }, uniquingKeysWith: { first, _ in first })

    /// The English patterns.
    package static var all: Set<String> {
        Set(byEnglish.keys)
    }

    // MARK: What the rules refuse, and what helps

    static let refusals = [
        ("a case that is {} does not take {}", "{1}的案件不能办理 {2}"), ("there is no case that could take {}", "没有可以办理 {} 的案件"),
        ("the case is suspended and does not take {}", "案件已中止，不能办理 {}"), ("the case is not suspended, or not for this", "案件没有中止，或不是因此中止"),
        ("the case is suspended for {} already", "案件已因{}中止"), ("the case is suspended for {}", "案件有多项中止：{}"),
        ("{} may not {} this case: that is for the {}", "{=1} 无权办理 {2}：此项由{3}办理"),
        ("{} has no part in {} and may not read it", "{=1} 与 {=2} 无关，无权查阅"),
        ("{} may not {} a case in which they already acted as {}", "{=1} 已作为{3}参与此案，不得再办理 {2}"),
        ("{} declared to have no part in this case", "{=} 已声明回避"),
        ("{} administers this server, and so has no part in any case", "{=} 是系统管理员，不得参与办理任何案件"),
        (
            "service {} may not {} this case for anybody: it spoke for the other side of it",
            "服务 {=1} 已代表另一方，不得再代表任何人办理 {2}"
        ), ("the case is assigned to {}", "案件由 {=} 经办"), ("{} holds no post in office {}", "{=1} 在机构 {=2} 没有岗位"),
        ("{} is recused from this case", "{=} 已回避此案"), ("without {}, nobody of {} could act on this case", "{=1} 回避后，{2}无人可以办理此案"),
        ("{} may not {} this case: nobody else could decide it for post {} then", "{=1} 不得办理 {2}：否则岗位 {=3} 再无人可以决定"),
        ("service {} is not for matter {}", "服务 {=1} 不受理事项 {=2}"), ("{} is empty", "{} 为空"),
        ("required materials are missing: {}", "缺少必需的材料：{=}"),
        ("the matter has no material \"{}\"", "事项没有材料 {=}"), ("the matter has areas, and the submission says none", "事项划分区域，提交时未指明区域"),
        ("the matter has no areas", "事项不划分区域"), ("the matter has no area \"{}\"", "事项没有区域 {=}"),
        ("the matter asks for fields that say nothing: {}", "有必填项未填写：{=}"),
        ("field {} is longer than {} characters", "填写项 {=1} 超过 {2} 个字符"), ("field {} has more than one line", "填写项 {=} 只能填写一行"),
        ("field {} is no number", "填写项 {=} 应为数字"), ("field {} is no day", "填写项 {=} 应为日期"),
        ("field {} is none of its choices", "填写项 {=} 不在可选范围内"),
        ("the matter is not handed in by \"{}\"", "事项不接受途径 {=}"), ("the matter has no steps of examination", "事项没有审查步骤"),
        ("the matter has no step \"{}\"", "事项没有步骤 {=}"), ("step {} was taken by {} at {}", "步骤 {=1} 已由 {=2} 于 {3} 办理"),
        ("step {} comes before {}, and nobody has taken it", "须先办理步骤 {=1}，再办理 {=2}"), ("step {} is for post {}", "步骤 {=1} 由岗位 {=2} 办理"),
        ("steps of the examination are missing: {}", "审查步骤尚未完成：{=}"), ("{} is a fee, and is not handed in", "{=} 是费用，不是材料"),
        ("the matter has no fees", "事项不收费"), ("the matter has no fee \"{}\"", "事项没有费用 {=}"),
        ("that a fee was {} is for the office to say", "费用{}由审查机构登记"), ("fee {} is {}, and cannot be {}", "费用 {=1} 为{2}，不能登记为{3}"),
        ("fees are due: {}", "费用尚未缴纳：{=}"), ("the first notice did not name {}", "首次告知未列明 {=}"),
        ("the case has no running {} clock", "案件没有正在计算的{}时限"), ("the matter does not let the {} clock be extended", "{}时限不得延长"),
        ("the {} clock was extended before", "{}时限已延长过一次"),
        ("the {} clock is overdue: only a running promise can be extended", "{}时限已逾期，不能再延长"),
        ("the matter allows an extension by at most {}", "最多延长 {}"), ("a case is suspended for {} for at most {}", "因{1}中止最长 {2}"),
        ("what the case says of persons was erased, and it does not take {} any more", "案件中的个人信息已删除，不能再办理{}"),
        ("what {} says of persons is not erased: {}", "{1} 中的个人信息不能删除：{2}"),
        ("matter {} does not say how long that is kept", "事项 {=} 没有规定保存期限"), ("that is kept until {}", "须保存到 {}"),
        ("it has an open supervision order", "有未办结的督办单"), ("its decision was not delivered yet", "决定尚未送达"),
        ("{} is about its revocation", "{} 正在办理撤销"), ("it was drawn, and not inspected yet", "已被抽中，尚未检查"),
        ("events that were recorded before such texts were kept apart say it, which cannot be changed", "个人文本分开保存之前的记录把它写在正文中，不能更改"),
        ("no auditor has asked for the erasure within thirty days", "三十日内没有审计人提出删除"),
        ("{} asked for the erasure, and a second person carries it out", "删除由 {} 提出，须由第二人办理"),
        ("what it says of persons was erased", "其中的个人信息已删除"),
        ("the decision was delivered before", "决定已经送达"), ("the decision was revoked by {}", "决定已被 {} 撤销"),
        ("the case has an open supervision order", "案件已有未办结的督办单"), ("the case has no such open supervision order", "案件没有这样的未办结督办单"),
        ("the order asks the {}", "督办单要求{}答复"), ("the case is not in draw {}", "案件不在抽查 {=} 中"),
        ("there is no case {} to refer to", "没有可以针对的案件 {}"),
        ("matter {} is no revocation: its cases refer to none", "事项 {=} 不是撤销类，不针对其他案件"), ("{} cannot be revoked: {}", "{1} 不能撤销：{2}"),
        ("the matter revokes nothing of {}", "该事项不撤销 {=} 的决定"), ("it is {}", "其状态为{}"), ("{} did", "已由 {} 撤销"),
        ("{} is about that already", "{} 正在办理撤销"), ("a revocation names the applicant of the case", "撤销须写原案件的申请人"),
        ("the matter asks no other office for an opinion", "事项不征求其他机构的意见"), ("the matter asks office {} for no opinion", "事项不征求机构 {=} 的意见"),
        ("office {} is asked already", "已征求机构 {=} 的意见"), ("a case asks for at most {} opinions", "一个案件最多征求 {} 项意见"),
        ("no office is asked for an opinion on this case", "此案没有征求任何机构的意见"),
        ("office {} is not asked for an opinion on this case", "此案没有征求机构 {=} 的意见"),
        ("the opinion of office {} is for its officers to give", "机构 {=} 的意见由其工作人员给出"),
        ("office {} was asked for its opinion and still has time", "机构 {=} 的意见尚在时限之内"),
        ("no seal of office {} can be set now, and nothing is decided without one", "机构 {} 的电子印章现在无法使用，没有印章不能作出决定"),
        ("matter {} asks whoever gives {} for a signature of their own", "事项 {1} 要求办理 {2} 的人本人签名"),
        ("the signature cannot be read", "签名无法读取"), ("signature, signed_at and salt go together", "signature、signed_at 和 salt 须一并给出"),
        ("the signature was made for another purpose", "签名用于其他用途"),
        ("the signature is over something else than this command on this case as it stands", "签名的内容不是对此案件现状的这一办理"),
        ("the signature is by a key that does not count for whoever acts", "签名所用的密钥此时不是办理人的有效密钥"),
        ("the signature is from a time that has not come", "签名时间尚未到来"), ("the signature is more than an hour old", "签名已超过一小时"),
        (
            "give the server the key as the credential cased.seal.{}, and name its public half in a [seal.NAME] of the catalogue that counts today",
            "请将密钥作为凭据 cased.seal.{} 交给服务器，并在今日有效的清单的 [seal.NAME] 中写明公钥"
        ),
        ("look at the statement and sign it: casectl {} --sign", "请查看陈述并签名：casectl {} --sign"),
        ("sign with a key of a [signer.NAME] that is yours and counts today", "请用清单 [signer.NAME] 中本人今日有效的密钥签名"),
        ("look at the case and sign anew: casectl {} --sign", "请查看案件后重新签名：casectl {} --sign"),
        ("--html, --statement, --signature and --json exclude each other", "--html、--statement、--signature 和 --json 不能同时使用"),
        ("--language is for --html", "--language 用于 --html"),
        ("--purpose is for --statement or --signature", "--purpose 用于 --statement 或 --signature"),
        ("nothing on {} is signed for {}", "{1} 没有用于 {2} 的签名"), ("casectl decision {} shows what is", "casectl decision {} 显示已有的签名"),
        ("TRAINING: nothing here is an act of an administration.", "培训：此处内容均非行政行为。"),
        ("Nothing was sealed: the catalogue named no seal.", "未加盖电子印章：清单没有列明印章。"),
        (
            "No seal could be set: time decided, and no key counted or was at hand. It would have been set to:",
            "未能加盖电子印章：因时限届满而决定，当时没有可用的密钥。应加盖的内容："
        ),
        ("Signed by {} with key {}, {}, for {}:", "{1} 以密钥 {2}（{3}）为 {4} 签名："),
        ("Sealed with seal {}, {}, for {}:", "以电子印章 {1}（{2}）为 {3} 加盖："),
        ("What its commitments are to, with the salt {}:", "其摘要所对应的内容，盐值 {}："), ("To check it without this program:", "不用本程序核验："),
        ("This is what you sign:", "您将签名的内容："), ("Sign it? [y/N]", "签名？[y/N]"), ("nobody can be asked here", "此处无法询问"),
        ("with --yes it is signed without asking", "加 --yes 则不询问即签名"),
        (
            "Applicant, title, further data, reasons, remarks, opinions and findings of this case will be gone, from its events as well.",
            "此案件的申请人、标题、其他信息、理由、备注、意见和检查结果将被删除，办理记录中的也一并删除。"
        ),
        (
            "Who acted, when, and what was decided stays, and so does the reason that you give.",
            "谁在何时办理、作出什么决定，以及您写的理由，予以保留。"
        ),
        (
            "An auditor asks; with the word of a second person, within thirty days, they are gone.",
            "由审计人提出；三十日内经第二人办理，即行删除。"
        ),
        ("Erase it? [y/N]", "删除？[y/N]"), ("with --yes it is done without asking", "加 --yes 则不询问"),
        ("What its commitments are to was erased, with the salt.", "承诺所对应的内容及盐值已删除。"),
        ("{} pages, {} entries and {} cases were looked at", "已检查 {1} 页、{2} 条日志和 {3} 个案件"),
        ("{} pages, {} entries and {} cases so far", "目前 {1} 页、{2} 条日志、{3} 个案件"),
        ("{} has {} entries, and {} has {}", "{=1} 有 {2} 条，{=3} 有 {4} 条"), ("{} is of {}, and {} of {}", "{=1} 属于 {=2}，{=3} 属于 {=4}"),
        ("name the older one first", "请先写较早的一个"), ("the first {} entries of {} are not those of {}", "{=2} 的前 {1} 条与 {=3} 的不同"),
        (
            "the journal was changed between the two, or one of the files was; casectl evidence verify checks signatures",
            "两者之间日志被改动，或其中一个文件被改动；casectl evidence verify 核验签名"
        ),
        ("two checkpoints of one log can be compared", "只能比较同一日志的两个检查点"), ("{} entries are the beginning of {}", "前 {1} 条是 {2} 条的开头"),
        ("{}: {} entries are what was signed", "{=1}：{2} 条与所签名的一致"), ("{}: {} entries, {} of them new", "{=1}：{2} 条，其中新增 {3} 条"),
        ("{} is of {}, and the server is {}", "{=1} 属于 {=2}，而服务器是 {=3}"),
        ("a store that was restored has a log of its own: name another folder", "恢复后的存储有自己的日志：请另指定目录"),
        ("the server's journal ends before its checkpoint", "服务器的日志在其检查点之前就结束了"),
        ("what {} has is not the beginning of the server's journal", "{=} 的内容不是服务器日志的开头"),
        ("one of the two was changed: keep the folder as evidence, and name another one", "两者之一被改动：请保留该目录作为证据，并另指定目录"),
        ("{} has no key of a log", "{=} 中没有日志的密钥"), ("{} is no checkpoint", "{=} 不是检查点"), ("{} is no signed checkpoint", "{=} 不是签名的检查点"),
        ("casectl evidence checkpoint --key prints a key", "casectl evidence checkpoint --key 输出密钥"),
        ("casectl evidence checkpoint --key prints one", "casectl evidence checkpoint --key 输出密钥"),
        ("casectl evidence checkpoint prints one", "casectl evidence checkpoint 输出检查点"), ("name the file of a checkpoint", "请写检查点的文件名"),
        ("what the server gives to sign is not what was typed: nothing was signed", "服务器给出的签名内容与所输入的不符，没有签名"),
        ("is this the right socket? look at the statement with casectl rpc case.statement", "套接字对吗？可用 casectl rpc case.statement 查看签名内容"),
        ("{} is a link", "{=} 是链接"), ("an export is written to files of its own: name another folder", "导出写入自己的文件，请指定另一个文件夹"),
        ("{} is no file of an export: it is too large, or none at all", "{=} 不是导出的文件：太大，或根本不是文件"),
        ("look at who may read it", "请查看谁有权读取"),
        ("{}, {} entries", "{=1}，{2} 条"), ("the credential {}", "凭据 {=}"),
        ("asked: another auditor or the leader carries it out within thirty days", "已提出：须由另一审计人或领导在三十日内办理"),
        ("{}: {} entries are witnessed, {} of them new", "{=1}：{2} 条已见证，其中新增 {3} 条"),
        ("{}, port {}, PostgreSQL {}", "{=1}，端口 {2}，PostgreSQL {3}"), ("by the database's own tools", "由数据库自身的工具备份"),
        ("commits wait for a standby", "提交等待备用服务器确认"), ("commits wait for nobody", "提交不等待任何其他服务器"),
        ("{}, which commits wait for, {} and {} ms behind", "{=1}，提交等待其确认，落后 {2}、{3} 毫秒"),
        ("{}, {} and {} ms behind", "{=1}，落后 {2}、{3} 毫秒"), ("{}, for {} ms", "{=1}，已 {2} 毫秒"), ("nobody now", "现在没有"),
        (
            "one is there; its role may not see more (GRANT pg_read_all_stats)", "有一台，但所用角色无权查看详情（GRANT pg_read_all_stats）"
        ),
        ("{} entries, as of {}", "{1} 条，{2}"), ("what was witnessed cannot be read now", "已见证的内容现在无法读取"),
        ("make it, or mount it; it is not made for you", "请创建或挂载该目录；程序不会代为创建"),
        ("the log has a name that no folder can have", "日志的名称不能用作目录名"),
        ("the server's checkpoint is not believed: {}", "服务器的检查点不可信：{}"),
        (
            "is --key that of this log, and the one of now? casectl evidence checkpoint --key prints that",
            "--key 是此日志现在的密钥吗？casectl evidence checkpoint --key 可打印现在的密钥"
        ),
        ("{} is of {}, and {} has not the same {} entries", "{=1} 属于 {=2}，而 {=3} 没有相同的 {4} 条"),
        (
            "a restored store has lost what came after its backup: once that is known to be why, say --new-log; keep {}",
            "恢复的存储丢失了备份之后的内容：确认原因后请加 --new-log；请保留 {=}"
        ),
        ("{} has {} entries, and the server's journal has {}", "{=1} 有 {2} 条，而服务器的日志有 {3} 条"),
        ("an older store was put in its place: keep {} as evidence, and look who did it", "存储被换成了较旧的：请保留 {=} 作为证据，并查明是谁所为"),
        ("an older store was put in its place: look who did it", "存储被换成了较旧的：请查明是谁所为"),
        ("the first {} entries of the server's journal are not those of {}", "服务器日志的前 {1} 条与 {=2} 的不同"),
        ("there are two histories: keep {} as evidence, and look who made the other one", "存在两份历史：请保留 {=} 作为证据，并查明另一份的来源"),
        ("the witness has seen {} entries, and the server's journal has {}", "见证方见过 {1} 条，而服务器的日志有 {2} 条"),
        ("what the witness answered is not believed: {}", "见证方的答复不可信：{}"),
        (
            "it has to be lines of signatures, by the key of --witness-key and under this checkpoint",
            "答复须为签名行，由 --witness-key 的密钥对此检查点签署"
        ),
        ("{} has not signed", "{=} 未签名"),
        ("each key of --witness-key has to be among the signatures", "--witness-key 的每个密钥都须签名"),
        ("the command said more than {} bytes", "命令的输出超过 {} 字节"),
        ("what it prints has to be what the witness answered, or nothing", "其输出须为见证方的答复，或为空"),
        ("the command ended with {}", "命令以 {} 结束"), ("the command did not end within {} s", "命令未在 {} 秒内结束"),
        ("nothing counts as witnessed: try again later", "不视为已见证：请稍后再试"),
        ("say how: --folder, --exec or both", "请说明方式：--folder、--exec 或两者"),
        ("{} is about a command: it goes with --exec", "{=} 针对命令：须与 --exec 同用"),
        ("is it a cased of this version?", "是此版本的 cased 吗？"), ("the server's answer has not the form that it has to have", "服务器的答复格式不正确"),
        (
            "the key is what the server says itself: --key names one that came another way", "密钥由服务器自己给出：请用 --key 指定从别处得到的密钥"
        ),
        (
            "the key is what the folder says itself: --key names one that came another way", "密钥由该目录自己给出：请用 --key 指定从别处得到的密钥"
        ),
        ("nothing was signed, and nothing was given to the server", "未签名，也未向服务器提交"),
        ("nothing was erased, and nothing was asked for", "未删除，也未提出删除"),
        ("--signing-key and --yes go with --sign", "--signing-key 和 --yes 须与 --sign 同用"),
        ("the server gave no statement to sign", "服务器没有给出待签名的内容"), ("{} cannot be made", "{} 无法创建"), ("look at TMPDIR", "请查看 TMPDIR"),
        ("the catalogue names no key with which you sign today", "清单没有您今日可用的签名密钥"),
        (
            "an admin adds a [signer.NAME] with your public key, and somebody else agrees to it",
            "请管理员在清单中加入含您公钥的 [signer.NAME]，并由第二人确认"
        ),
        ("ssh-keygen made no signature", "ssh-keygen 没有作出签名"),
        (
            "add your key to the agent (ssh-add), or name its file with --signing-key",
            "请将密钥加入代理（ssh-add），或用 --signing-key 指明其文件"
        ), ("look at what it says above", "请看上面的提示"), ("ssh-keygen cannot be started: {}", "ssh-keygen 无法启动：{}"),
        ("apt-get install openssh-client", "apt-get install openssh-client"),
        ("casectl show {} says how far it is", "casectl show {} 显示办理进度"), ("nothing of the kind is due", "没有这样的到期事项"),
        ("there is no {}", "没有{}"), ("parameter {} has {} bytes", "{1} 长 {2} 字节"), ("{} is none of its words", "{} 不是可用的词"),
        // Powers, and what hinders them.
        ("holds {}", "任 {=}"), ("substitutes for {} as {}", "代 {=1} 行使 {=2}"), ("submitted the case", "提交人"),
        ("silence grants, as the matter says", "逾期不答复视为准予"),
        ("grants", "准予"), ("silence never grants this matter", "逾期不答复不视为准予"), ("administers the machine", "管理本机"), ("is recused", "已回避"),
        ("has no part in this case", "不参与此案"), ("the passing of time", "时间经过"),
        ("root, the daemon's user, or the admin group", "root、服务用户或管理员组"),
        ("submitted it, or applies for it, and takes no other step in it", "是提交人或申请人，不得办理其他步骤"),
        ("supervised it, and may not approve it", "督查过此案，不得参与审批"), ("examined it, and may not decide", "审查过此案，不得作决定"),
        ("had to do with its approval, and may not supervise it", "参与过审批，不得督查此案"),
        ("administers the server, and has no part in any case", "系统管理员，不得参与办理"),
        ("is spoken for by {}, which spoke for the other side", "由服务 {=} 代表，而该服务已代表另一方"),
    ]

    static let hints = [
        ("a case that is {} takes {}", "{1}的案件可以办理：{2}"), ("a case that is {} takes no more steps", "{}的案件不再办理"),
        ("a case that is {} takes {}; {} is for one that is {}", "{1}的案件可以办理：{2}；{3} 适用于{4}的案件"),
        ("a case that is {} takes no more steps; {} is for one that is {}", "{1}的案件不再办理；{2} 适用于{3}的案件"),
        ("casectl submit begins a case", "先提交申请：casectl submit"),
        ("resume the case first, or withdraw what other offices were asked", "先恢复案件，或撤回征求的意见"), ("could be done by {}", "可由{}办理"),
        ("can be read by {}", "可由{}查阅"), ("somebody else must take this step", "须由他人办理"),
        (
            "let somebody who does not administer the server take this step, or bind another unix user to them",
            "请由非系统管理员办理，或为其绑定另一个系统用户"
        ), ("let a service of its own speak for those who supervise", "请为督查人设立单独的服务"), ("assign the case first", "先分派案件"),
        ("declare a substitute of the post in the catalogue", "在清单中为岗位指定替代人"),
        ("let another officer do it, or declare a substitute of the post in the catalogue", "由其他经办人办理，或在清单中为岗位指定替代人"),
        ("add the matter to the service's matters in the catalogue", "在清单中把该事项加入服务的事项"),
        ("request a correction that names them all", "请一次性告知全部所缺材料：casectl request-correction"),
        (
            "return the file to the office, where the applicant can hand them in still: casectl return, casectl correct",
            "退回审查机构，申请人还可以补交：casectl return、casectl correct"
        ), ("it takes none", "不需要任何一项"), ("one of {}", "可选：{}"), ("one of {} and {} more", "可选：{1} 等，另有 {2} 项"),
        ("nobody holds a post in it", "该机构没有任职人"), ("could be {}", "可以是：{}"),
        ("write what others can read; spaces alone say nothing", "请写明他人可读的内容；只有空格等于没写"),
        ("name the case that is to be revoked, such as C-17", "请指明要撤销的案件，如 C-17"),
        ("a step is taken once; a note adds to it: casectl note", "一个步骤只办理一次；补充说明用 casectl note"),
        ("nothing was paid that could be refunded", "没有可以退还的缴费"), ("only what was paid is refunded", "只退还已缴的费用"),
        ("how it stands was recorded before: look at the case", "已登记过，请查看案件：casectl show"),
        ("resume it once that has ended: casectl resume", "原因消除后恢复：casectl resume"),
        ("look at the case: casectl show says whether and why it stands still", "查看案件：casectl show 说明是否中止及原因"),
        ("assign somebody else", "请分派给他人"),
        ("casectl explain shows the clocks of the case", "casectl explain 显示案件的时限"),
        ("a clock is extended once: decide, or suspend where the law lets you", "时限只能延长一次：请作出决定，或依法中止"),
        ("decide; the reasons say why it is late", "请作出决定，并在理由中说明逾期原因"), ("ask for {} or less", "请申请 {} 或更短"),
        ("ask for {} or less, in that unit", "请以同一单位申请 {} 或更短"),
        ("casectl history says when and how", "casectl history 说明何时以何种方式送达"),
        ("casectl order list --case CASE shows all orders of one", "casectl order list --case 案件 显示其全部督办单"),
        ("let the {} answer it", "请由{}答复"),
        ("wait for it, or withdraw the request first: casectl withdraw-opinion", "等待答复，或先撤回：casectl withdraw-opinion"),
        ("withdraw one that is not needed: casectl withdraw-opinion", "撤回不需要的一项：casectl withdraw-opinion"),
        ("casectl show names the offices that are asked", "casectl show 列出被征求意见的机构"), ("let an officer of {} give it", "请由机构 {=} 的工作人员给出"),
        ("all missing items are named in one notice: decide on what was handed in", "所缺材料应一次性告知：请就已交材料作出决定"),
        ("announce at most that; whether it goes on is decided, on record, when it has ended", "告知的时长不得超过此数；期满后再决定是否继续并记录在案"),
        ("see the extension of the matter in the catalogue", "见清单中该事项的延长规定"), ("answer and close it first", "请先答复并办结"),
        ("name the kind that has ended", "请指明哪一项已经结束"), ("its payment is recorded: casectl settle-fee", "缴费用 casectl settle-fee 登记"),
        ("or for the service that submitted the case", "也可由提交案件的服务登记"),
        ("record that they were paid, or waive them: casectl settle-fee", "登记缴纳或减免：casectl settle-fee"),
        ("recommend when it is examined", "审查完毕后提出意见"),
        ("could be taken by {}", "可由 {} 办理"), ("steps are taken in the order of the matter", "步骤须按事项规定的顺序办理"),
        ("the next one is {}: casectl examine", "下一步是 {=}：casectl examine"), ("leave it out", "请省略"), ("it takes {}", "可用：{}"),
        ("say something in {}", "请填写 {=}"), ("say it shorter, or in another field", "请写得更短，或写在其他字段"),
        ("write it as in 1200 or -3.5", "请写作 1200 或 -3.5 这样的数"), ("write it as in 2026-03-24", "请写作 2026-03-24 这样的日期"),
        ("it is in none: leave the draw out", "不在任何抽查中：请省略"), ("it is in {}: name one of them", "在 {=} 中：请指明其一"),
        ("name a case of yours that was granted", "请指明本人已获准予的案件"),
        ("leave refers_to out, or submit a matter of kind revocation", "请省略 --refers-to，或提交撤销类事项"),
        ("look at the case", "请查看案件：casectl show"),
        ("its history says when, and by whose words", "办理记录说明何时、经谁同意"),
        ("add a retention to the matter in the catalogue", "在清单中为事项规定 retention"), ("ask again then", "届时再提出"),
        ("deliver it first", "请先送达"), ("inspect it first", "请先检查"), ("wait until {} has ended", "请等 {} 办结"),
        ("such a case stays as it is", "此类案件保持原样"),
        ("an auditor asks first: casectl erase-personal", "先由审计人提出：casectl erase-personal"),
        ("let another auditor, or the leader, carry it out", "请由另一审计人或决定人办理"),
        ("deliver {}", "请送达 {}"), ("it asks {}", "可征求：{=}"), ("wait for it, or withdraw the request", "等待答复，或撤回征求"),
        // Of casectl and the protocol.
        ("did you mean {}?", "是否要写 {=}？"), ("did you mean {}? It is {}", "是否要写 {1}？{2}"),
        ("casectl list shows the cases", "casectl list 列出案件"),
        ("casectl catalog duty-list lists them", "casectl catalog duty-list 列出全部"),
        ("casectl catalog guide MATTER lists them", "casectl catalog guide 事项 列出全部"),
        ("casectl catalog versions lists them", "casectl catalog versions 列出全部"), ("{} holds {}", "{=1} 任 {=2}"),
        ("casectl inspect draws lists those that were made", "casectl inspect draws 列出已进行的抽查"),
        ("casectl notices --mine lists yours", "casectl notices --mine 列出告知本人的"), ("leave one of them out", "请去掉其中之一"),
        ("give the `next` of the page before", "请写上一页末尾给出的位置"),
        ("give the `next` of the page before, with the same sort", "请以同样的排序写上一页末尾给出的位置"),
        ("give the one that the list before ended with", "请写上一次列表末尾给出的位置"), ("give the one that it ended with", "请写其末尾给出的位置"),
        ("give the place that the list before ended with", "请写上一次列表末尾给出的位置"),
        ("give the place that the list before ended with, with the same sort", "请以同样的排序写上一次列表末尾给出的位置"), ("name one of them", "请指明其一"),
        ("try again later; nothing was changed", "请稍后再试；没有任何更改"), ("try again with the same idempotency key", "请用同一幂等键再试"),
        ("try again", "请再试"),
        (
            "is it running? See systemctl status cased, or name its socket with --socket",
            "服务器是否在运行？见 systemctl status cased，或用 --socket 指明套接字"
        ),
        (
            "whoever may connect is in the group of the socket: usermod --append --groups cased USER, then log in anew",
            "有权连接者属于套接字的用户组：usermod --append --groups cased USER，然后重新登录"
        ), ("add --once", "请加 --once"), ("choose another column", "请选择其他列"),
        ("narrow the list, give --limit, or leave --sort out", "缩小范围，写 --limit，或去掉 --sort"),
        ("give -o jsonl, or --json=COLUMNS", "请用 -o jsonl 或 --json=列名"), ("table, wide, json, jsonl or csv", "table、wide、json、jsonl 或 csv"),
        ("look at them with --dry-run", "用 --dry-run 查看"), ("the same command with --key {} goes on", "用 --key {} 重复同一命令可继续"),
        ("leave --as out", "请去掉 --as"), ("name another --cursor-file", "请换一个 --cursor-file"), ("name another folder", "请换一个文件夹"),
        ("name the folder of a catalogue", "请指明清单的文件夹"), ("name one of them; --with goes with a folder", "请指明其一；--with 与文件夹连用"),
        ("give the further file another name", "请给另加的文件换一个名称"), ("it ends by itself: try again later", "它会自行结束：请稍后再试"),
        ("mend the mail program or the command; nothing is lost meanwhile", "请修复邮件程序或命令；期间不会丢失"), ("set EDITOR", "请设置 EDITOR"),
        ("{} is as it left it", "{} 保持编辑器退出时的样子"), ("name the published file", "请指明公布的文件"), ("name a file", "请指明文件"),
        ("name a file in UTF-8 that this user may read", "请指明本用户可读的 UTF-8 文件"), ("name the folder that it belongs to", "请指明其所属的文件夹"),
        ("casectl inspect draw NAME/DAY --json prints such a file", "casectl inspect draw NAME/DAY --json 输出这样的文件"),
        ("remove it, or name another file", "请删除它，或换一个文件"), ("look at --sendmail or --exec", "见 --sendmail 或 --exec"),
        ("do one of both", "请只做其一"),
        ("move it to {}, or choose another --list", "请移到 {}，或另选 --list"), ("write it as in 2026-02", "写法如 2026-02"),
        ("write it as in: zhang.min zhang.min@example.org zh", "写法如：zhang.min zhang.min@example.org zh"),
        ("write one such as 2026-01-01 there, or remove it", "请在其中写一个日期，如 2026-01-01，或删除它"),
        (
            "install the package tzdata, or write an instant, such as 2026-03-24T06:30:00Z",
            "请安装 tzdata，或写明时刻，如 2026-03-24T06:30:00Z"
        ),
        (
            "write 2026-03-24, today, yesterday, tomorrow, -7d, monday or this-week",
            "请写 2026-03-24、today、yesterday、tomorrow、-7d、monday 或 this-week"
        ),
        (
            "write 2026-03-24, today, yesterday, -7d, \"2026-03-24 14:30\", -2h or 2026-03-24T06:30:00Z",
            "请写 2026-03-24、today、yesterday、-7d、\"2026-03-24 14:30\"、-2h 或 2026-03-24T06:30:00Z"
        ), ("name a case, such as C-17", "请写案件编号，如 C-17"), ("for several cases: casectl bulk {}", "办理多个案件：casectl bulk {}"),
        ("a name and a day, such as monthly/2026-03-01", "写名称和日期，如 monthly/2026-03-01"),
        ("write 2026-03-24T06:30:00Z", "请写 2026-03-24T06:30:00Z"),
        ("at most {} are taken", "最多 {}"),
    ]
}
