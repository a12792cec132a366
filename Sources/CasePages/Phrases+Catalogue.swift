// What casectl says of catalogues.
extension Phrases {
    package static let catalogue = [
        ("{} files, {} offices, {} matters: no findings", "{1} 个文件，{2} 个机构，{3} 个事项：没有问题"), ("warning: {}", "警告：{=}"),
        ("{} of {}", "{2} 项中 {1} 项"),
        ("Nothing changes: version {} holds the same.", "没有变化：版本 {} 内容相同。"), ("Version {}", "版本 {}"),
        ("Version {}, from {}", "版本 {1}，自 {2} 起"),
        ("No unix user is bound: these files bind none, and neither did the version before", "没有绑定系统用户：这些文件没有，上一版本也没有"),
        (
            "The unix users of the version before stay bound ({}), as these files bind none; --without-users unbinds them",
            "上一版本绑定的系统用户（{}）保留，因这些文件没有绑定；--without-users 解除"
        ),
        ("running cases of {} ({}) would be left without their matter: refused", "事项 {=1} 的在办案件（{=2}）将没有事项：拒绝"),
        ("running cases of {} ({}) keep the version under which they were submitted", "事项 {=1} 的在办案件（{=2}）沿用提交时的版本"),
        ("running cases of {} ({}) are handed over, and no clock moves for that", "事项 {=1} 的在办案件（{=2}）移交，时限不变"),
        ("running cases of {} ({}) follow the new calendar and limits", "事项 {=1} 的在办案件（{=2}）改用新的日历和时限"),
        (
            "running cases of {} ({}) are handed over, and no clock moves for that; follow the new calendar and limits",
            "事项 {=1} 的在办案件（{=2}）移交，并改用新的日历和时限"
        ),
        (
            "{} leaves {}: open cases ({}) fall to its head, and decided ones that wait for their delivery ({})",
            "{=1} 离开 {=2}：在办案件（{=3}）和待送达的办结案件（{=4}）转交该机构负责人"
        ),
        (
            "closed cases of {} ({}) will be with nobody but auditors: say succeeds = [\"…\"] in the one that takes over",
            "{=1} 的办结案件（{=2}）将只有审计人可查阅：请在承接者中写 succeeds = [\"…\"]"
        ),
        (
            "running cases ({}) would have nobody to decide them: whoever would had to do with them, or the post is empty: {}",
            "有 {1} 个在办案件将无人可以决定：应决定者参与过办理，或岗位空缺：{2}"
        ),
        (
            "Waits for a second word, by another admin, an auditor or a post that confirms (casectl catalog confirm):",
            "待第二人确认，可由另一管理员、审计人或确认岗位确认（casectl catalog confirm）："
        ), ("Waits for a second word:", "待第二人确认："),
        (
            "The catalogue for {} holds this too, and has to be agreed to again: casectl catalog confirm --pending",
            "{} 的清单也包含此项，须重新确认：casectl catalog confirm --pending"
        ),
        (
            "Nobody but admins could agree to a later version: no auditor, and no holder of a post with confirms = true, has a unix user",
            "以后的版本只有管理员可以确认：没有审计人或 confirms = true 的岗位绑定系统用户"
        ),
        (
            "Kept: their budgets are raised so that no deadline comes before what was promised; --allow-earlier shortens those whose end decides nothing.",
            "保持：时限已放宽，期限不早于原承诺；--allow-earlier 缩短届满不影响决定的时限。"
        ), ("kept", "保持"), ("breached", "逾期"), ("official now", "已正式公布"),
        ("nothing is taken over: holidays.{} holds {}, which would be lost", "未导入：holidays.{1} 中是 {2} 年的日期，将会丢失"),
        ("name a list for {} with --list, and add it to the holidays of the calendar", "请用 --list 为 {} 年另取名称，并加入日历的 holidays"),
        ("before", "之前"), ("after", "之后"),
        ("added {}", "新增 {=}"), ("changed {}", "更改 {=}"), ("removed {}", "删除 {=}"), ("{} ({}:{})", "{=1}（{=2}:{=3}）"),
        ("and {} more: --json lists the first {} of all entries", "另有 {1} 项：--json 列出全部条目的前 {2} 项"),
        ("{}: not set → {}", "{=1}：未设 → {=2}"), ("{}: {} → not set", "{=1}：{=2} → 未设"), ("{}: {} → {}", "{=1}：{=2} → {=3}"),
        ("From {} to {}:", "自 {1} 至 {2}："), ("From {} to {}: nothing changes.", "自 {1} 至 {2}：没有变化。"), ("{} nothing changes.", "{}没有变化。"),
        ("{} is confirmed.", "{} 已确认。"), ("no version", "无版本"),
        ("Who has which part:", "谁有什么职责："),
        ("{}: from {} to {}", "{=1}：由 {=2} 改为 {=3}"), ("{}: from {} to nobody", "{=1}：由 {=2} 改为无人"), ("{}: to {}", "{=1}：{=2}"),
        ("{}: to nobody", "{=1}：无人"),
        ("The catalogue for {} is given up.", "{} 的清单已放弃。"), ("Version {} is confirmed.", "版本 {} 已确认。"),
        ("The catalogue for {} is confirmed.", "{} 的清单已确认。"),
        ("The catalogue for {} would be given up; nothing was changed.", "{} 的清单将被放弃；未作任何变更。"),
        ("Version {} would be confirmed; nothing was changed.", "版本 {} 将被确认；未作任何变更。"),
        ("The catalogue for {} would be confirmed; nothing was changed.", "{} 的清单将被确认；未作任何变更。"),
        ("{} would be confirmed; nothing was changed.", "{} 将被确认；未作任何变更。"),
        ("Waits for {}, applied by {}, confirmed by {}, digest {}:", "待 {=1} 生效，{=2} 采用，{=3} 已确认，摘要值 {=4}："),
        ("Waits for {}, applied by {}, not confirmed, digest {}:", "待 {=1} 生效，{=2} 采用，未确认，摘要值 {=3}："),
        ("Its files: casectl catalog get --pending. Who gets which part by it:", "其文件：casectl catalog get --pending。由此产生的职责："),
        ("To make it so: casectl catalog apply {}", "采用：casectl catalog apply {=}"), ("Edit again? [Y/n]", "再次编辑？[Y/n]"),
        ("succession of {} to {}", "{=1} 由 {=2} 承接"),
        ("the server made this draw", "服务器进行了此次抽查"), ("{}: {} of {}: {}", "{1}：{3} 件中抽取 {2} 件：{4}"),
        ("and {} more findings", "另有 {} 个问题"), ("mend: {}", "修改：{}"),
    ]
}
