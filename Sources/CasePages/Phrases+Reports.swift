// What casectl says of cases, of deadlines, and of the server.
extension Phrases {
    package static let reports = [
        // A receipt, and a history.
        ("{} due {}", "{1}期限 {2}"), ("revision {}", "修订号 {}"), ("receipt {}", "回执号 {}"), ("by {}", "由 {} 办理"), ("for {}", "代 {}"),
        ("via {}", "通过 {}"), ("it would record: {}; nothing was changed", "将登记：{}；未作任何变更"),
        ("it would record nothing more, as this key has its answer; nothing was changed", "此键已有答复，不会再登记；未作任何变更"),
        ("{}, by {} at {}", "{1}，由 {2} 于 {3} 办理"), ("by {} at {}", "由 {1} 于 {2} 登记"), ("by {} at {}: {}", "{1}，于 {2}：{3}"),
        ("not taken yet", "尚未办理"),
        ("{} since {}, {}", "{1}，自 {2}，{3}"), ("to {}", "致 {}"), ("from {}", "由 {} 发出"), ("answer: {}", "答复：{}"), ("found: {}", "结论：{}"),
        ("due {}", "期限 {}"),
        ("withdrawn {}", "已于 {} 撤回"), ("awaited", "等待答复"), ("{}, asked {}: {}; {}", "{1}，{2} 征求：{3}；{4}"),
        ("{} ({}), announced for {}", "{1}（{2}），告知 {3}"), ("{} due {} instead of {}", "{1}期限由 {3} 改为 {2}"),
        ("catalogue version {}", "清单版本 {}"),
        ("{} clock, level {}, told {}", "{1}时限，第 {2} 级，已告知 {3}"), ("late: was due {}", "迟到：应于 {}"), ("until {}", "截止 {}"),
        ("ended {}", "已于 {} 结束"),
        ("the applicant", "申请人"),
        // How a deadline came about.
        ("{}, source: {}", "{1}，来源：{2}"), ("on calendar {} ({}), official through {}", "日历 {1}（{2}），公布至 {3}"),
        ("on calendar {} ({}), official through {}, source: {}", "日历 {1}（{2}），公布至 {3}，来源：{4}"),
        ("of catalogue version {}, applied at {} by {}, time zones {}", "清单版本 {1}，{3} 于 {2} 采用，时区数据 {4}"),
        ("starts: {}", "开始：{}"), ("starts: {}, effective from {}", "开始：{1}，自 {2} 生效"), ("counts from {}", "自 {} 起算"),
        ("stops: {} ({}), announced for {}", "中止：{1}（{2}），告知 {3}"), ("runs on: {} has ended", "恢复：{}已结束"), ("runs on: {}", "恢复：{}"),
        ("budget {} {} instead of {}", "时限由 {3} 改为 {1} {2}"),
        ("counted by catalogue version {} of {}, not due while it stands still", "按 {2} 的清单版本 {1} 计算，暂停期间没有期限"),
        ("counted by catalogue version {}, not due while it stands still", "按清单版本 {} 计算，暂停期间没有期限"),
        ("extended by {}: {}", "延长 {1}：{2}"), ("ends: {}", "结束：{}"),
        ("counted by catalogue version {} of {}, due as before", "按 {2} 的清单版本 {1} 计算，期限不变"),
        ("counted by catalogue version {}, due as before", "按清单版本 {} 计算，期限不变"),
        ("counted by catalogue version {} of {}, due as before, and official now", "按 {2} 的清单版本 {1} 计算，期限不变，现已正式公布"),
        ("counted by catalogue version {}, due as before, and official now", "按清单版本 {} 计算，期限不变，现已正式公布"),
        ("{} due as before, and official now", "{}期限不变，现已正式公布"), ("{} due as before", "{}期限不变"),
        ("counted by catalogue version {} of {}, due {} instead of {}", "按 {2} 的清单版本 {1} 计算，期限由 {4} 改为 {3}"),
        ("counted by catalogue version {}, due {} instead of {}", "按清单版本 {1} 计算，期限由 {3} 改为 {2}"),
        ("the budget was raised, so as not to come before what was promised", "时限已放宽，不早于原承诺"),
        ("without {} {}", "不计{1} {2}"), ("with {} {}", "计入{1} {2}"), ("{} to {}", "{1} 至 {2}"),
        ("Ended at {}, {} of {} used.", "已于 {1} 结束，用时 {2}，时限 {3}。"),
        ("Due {}. Provisional: the calendar is not official that far.", "期限 {}。暂定：日历尚未公布到此日。"), ("Due {}.", "期限 {}。"),
        ("Due {}, at the end of {}.", "期限 {1}，即 {2} 当日截止。"),
        ("Due {}, at the end of {}. Provisional: the calendar is not official that far.", "期限 {1}，即 {2} 当日截止。暂定：日历尚未公布到此日。"),
        ("Not due while it stands still; {} of {} used.", "暂停期间没有期限；用时 {1}，时限 {2}。"), ("First due {}.", "最初期限 {}。"),
        ("The last day, {}, is not worked: it is moved to {}.", "最后一日 {1} 为休息日，顺延至 {2}。"),
        ("weekend", "周末"), ("holiday", "节假日"), ("not worked", "休息"),
        // Powers.
        ("Yes: {} may {} {}.", "可以：{1} 现在可以对 {3} 办理 {2}。"), ("No: {}.", "不可以：{}。"),
        ("{} running cases", "在办案件 {} 件"), ("no running case, which only an admin or an auditor reads", "不含在办案件（仅管理员或审计人可查阅）"),
        (
            "Nobody can both approve and supervise, and nobody but a leader decides: {} checks of {} principals and of {}.",
            "没有人既可审批又可督查，除决定人外没有人可以决定：共 {1} 项检查，涉及 {2} 个主体及{3}。"
        ), ("Nobody is left to decide {} of them: {}.", "其中 {1} 件已无人可以决定：{2}。"), ("It rests on this:", "依据："),
        ("{} parts wait for a second word and do not count yet: casectl catalog versions", "{} 项职责待第二人确认，尚未生效：casectl catalog versions"),
        (
            "the machine's kernel says which unix user speaks, and the catalogue who that is: its first version by one word, later ones by two",
            "由本机内核说明是哪个系统用户，由清单说明其身份：首个版本一人定，其后版本两人定"
        ),
        (
            "nobody but admins could agree to a later version: no auditor, and no holder of a post that confirms, has a unix user",
            "以后的版本只有管理员可以确认：没有审计人或确认岗位绑定系统用户"
        ), ("later versions are agreed to by admins, or by {}", "以后的版本由管理员或 {} 确认"),
        ("root can speak as every unix user, and leaves its own in the journal only where it does not", "root 可以任一系统用户的身份办理，此时记录中不留 root"),
        ("whoever trusts {} trusts it to tell persons without a post from one another", "信任 {} 者，信任其区分没有岗位的人员"),
        ("whoever trusts {} trusts it to tell {} persons from one another", "信任 {1} 者，信任其区分 {2} 个人员"),
        (
            "this store is for training: one unix user plays everybody, and nothing is proved of unix users and services",
            "培训数据：一个系统用户扮演所有人，对系统用户和服务不作证明"
        ),
        // Many cases at once, and waiting.
        ("{} cases; to do it: --expect {}", "共 {1} 个案件；确认办理：--expect {2}"), ("{} done", "已办 {}"), ("{} done before", "此前已办 {}"),
        ("{} refused", "被拒 {}"),
        ("{} not reached", "未办到 {}"), ("and {} more", "另有 {} 个"), ("… and {} more", "……另有 {} 行"),
        ("the command failed with {} on {}; the next watch begins with this event", "命令在 {2} 上以 {1} 失败；下次 watch 从此记录开始"),
        // The clock, notices and draws.
        ("It is {} by this clock, and cased goes by it.", "此时钟为 {}，服务器依此计时。"), ("It is {}.", "现在是 {}。"),
        ("{} notices are taken.", "已标记 {} 条。"),
        ("There is nothing to be taken.", "没有可标记的告知。"), ("{}  taken by {} at {}", "{1}  由 {2} 于 {3} 标记为已阅"),
        // Monitoring.
        ("{} of {} open cases overdue", "在办 {2} 件中逾期 {1} 件"), ("{} in time", "按时率 {}"),
        ("the machine's clock is not believed: casectl clock confirm", "系统时钟未被采信：casectl clock confirm"),
        ("{} open cases, none too many overdue", "在办 {} 件，逾期未超限"), ("ok", "正常"), ("warning", "警告"), ("critical", "严重"), ("unknown", "无法判断"),
        // The server.
        ("none", "无"), ("manual", "手动"), ("machine", "本机"), ("system", "系统"), ("an admin", "管理员"),
        ("every {} s, last at {}", "每 {1} 秒一次，最近于 {2}"), ("{}, an admin", "{}，管理员"),
        ("a store for training: one user may play everybody", "培训数据：一个用户可扮演所有人"), ("{} green, {} yellow, {} red", "绿灯 {1}，黄灯 {2}，红灯 {3}"),
        (
            "{}, whom the catalogue does not know: lights, store and backups are shown to whom it does",
            "{}，不在清单中：红绿灯、数据和备份只向清单中的人员显示"
        ),
        (
            "{}, an admin, whom the catalogue does not know: lights, store and backups are shown to whom it does",
            "{}，管理员，不在清单中：红绿灯、数据和备份只向清单中的人员显示"
        ),
        (
            "! since {} the machine's clock is {} behind and not believed: cased goes on by its own. Set it right, or say that it is: casectl clock confirm",
            "！自 {1} 起系统时钟慢 {2}，未被采信：服务器按自己的时间运行。请校正，或确认无误：casectl clock confirm"
        ),
        (
            "! since {} the machine's clock is {} ahead and not believed: cased goes on by its own. Set it right, or say that it is: casectl clock confirm",
            "！自 {1} 起系统时钟快 {2}，未被采信：服务器按自己的时间运行。请校正，或确认无误：casectl clock confirm"
        ), ("whatever the machine's clock says is believed (trust-clock = always)", "系统时钟一律采信（trust-clock = always）"),
        (
            "! deadlines stand still: one has been due since {}, and the server's log says why (journalctl -u cased)",
            "！期限停滞：有一项自 {} 到期未处理，原因见日志（journalctl -u cased）"
        ), ("! the store, since {}: {}", "！数据，自 {1}：{2}"),
        ("it cannot be reached: commands and reads are refused", "无法连接：办理和查询均被拒绝"),
        (
            "! commits wait for no other server: what was acknowledged is lost with this one (its synchronous_standby_names is empty)",
            "！提交不等待任何其他服务器：此数据库服务器损毁时，已确认的内容随之丢失（synchronous_standby_names 为空）"
        ),
        (
            "! commits wait for a standby, and none is there: look at the replicas of the database",
            "！提交等待备用服务器，但没有任何一台在线：请检查数据库的副本"
        ),
        (
            "! the store is not what was recorded ({} found; last at {}: {}). Nothing of it is shown: look at the disk, and restore a backup",
            "！存储内容与所记录的不符（发现 {1} 处；最近一处 {2}：{3}）。相关内容不再显示：请检查磁盘并恢复备份"
        ),
        ("! there is no catalogue: nobody can submit a case until casectl catalog apply", "！没有清单：casectl catalog apply 之前无人可以提交申请"),
        (
            "! office {} can decide nothing, as no seal of it can be set now: see docs/evidence.md, Keys",
            "！机构 {} 的电子印章现在无法使用，不能作出决定：见 docs/evidence.md 的 Keys"
        ),
        ("! {} cases are overdue: casectl list --overdue", "！有 {} 个案件逾期：casectl list --overdue"),
        (
            "! since version {} of the catalogue {} parts wait for a second word: casectl catalog versions",
            "！清单版本 {1} 起有 {2} 项职责待第二人确认：casectl catalog versions"
        ),
        (
            "! since version {} of the catalogue {} part waits for a second word: casectl catalog versions",
            "！清单版本 {1} 起有 {2} 项职责待第二人确认：casectl catalog versions"
        ),
        ("! the catalogue for {} cannot take effect: {}", "！{1} 的清单不能生效：{2}"), ("a catalogue by {} takes effect at {}", "{1} 的清单将于 {2} 生效"),
        (
            "! a catalogue by {} takes effect at {}, and nobody else has agreed to it: casectl catalog confirm --pending",
            "！{1} 的清单将于 {2} 生效，尚无他人确认：casectl catalog confirm --pending"
        ), ("catalogue version {} is moving clocks: {} of {} cases done", "清单版本 {1} 正在调整期限：{3} 个案件中已完成 {2} 个"),
        (
            "! calendar {} is official only through {}: publish the next year (casectl calendar import)",
            "！日历 {1} 只公布至 {2}：请公布下一年（casectl calendar import）"
        ),
        (
            "! calendar {} has not been official since {}: publish the next year (casectl calendar import)",
            "！日历 {1} 自 {2} 起未公布：请公布下一年（casectl calendar import）"
        ),
        ("the calendars go by {}.", "日历使用多个时区：{}。"), (": the calendars go by {}.", "：日历使用多个时区：{}。"),
        (": this machine does not know the zone {}.", "：本机没有时区 {}。"),
        // The live screen.
        ("cased {}   {}   {}", "cased {1}   {2}   {3}"), ("next deadline {}", "下一期限 {}"), ("no deadline", "没有期限"),
        ("at most late by {}", "最多迟到 {}"),
        ("THE CLOCK IS NOT BELIEVED: casectl clock confirm", "系统时钟未被采信：casectl clock confirm"), ("{} open", "在办 {}"),
        ("● {} overdue", "● 逾期 {}"),
        ("● {} warned", "● 预警 {}"), ("● {} on track", "● 正常 {}"), ("trying again …", "正在重试……"),
        ("q quit  j/k move  s sort: {}  r reverse  / filter  space pause  ? help", "q 退出  j/k 移动  s 排序：{}  r 倒序  / 筛选  空格 暂停  ? 帮助"),
        ("paused: space goes on", "已暂停：空格继续"), ("filter: {}", "筛选：{}"), ("The keys of casectl top", "casectl top 的按键"),
        ("any key goes back", "按任意键返回"),
        ("q, Ctrl-C", "q、Ctrl-C"), ("end", "退出"), ("j, k, arrows", "j、k、方向键"), ("move among the cases", "在案件中移动"), ("s", "s"),
        ("order by due, left, case, state, matter or handler", "按期限、剩余、案件、状态、事项或经办人排序"), ("r", "r"), ("the other way round", "倒序"),
        ("/ or f", "/ 或 f"),
        (
            "only some cases: a state, mine, overdue, or part of a matter, office, person or title; empty for all",
            "筛选：状态、mine（本人）、overdue（逾期），或事项、机构、人员、标题的一部分；空为全部"
        ),
        ("space", "空格"), ("stand still, and go on", "暂停与继续"), ("Ctrl-Z", "Ctrl-Z"), ("to the shell; fg comes back", "回到命令行；fg 返回"),
        ("?", "?"), ("this help", "本帮助"),
        ("no case is meant by {}", "没有符合 {} 的案件"),
        // Tables that do not fit.
        ("The same in every row: {}.", "各行相同：{}。"), ("Left out for want of room: {}. -o wide has all.", "因宽度不足未列：{}。-o wide 显示全部。"),
        ("The same in every row: {}. -o wide has all.", "各行相同：{}。-o wide 显示全部。"),
    ]
}
