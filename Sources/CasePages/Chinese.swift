import CaseCore

/// All that casectl says in Chinese.
package enum Chinese {
    /// By what it says in English.
    package static let texts = helps.merging(options) { $1 }.merging(headings) { $1 }.merging(sentences) { $1 }

    // MARK: Commands

    private static let helps = [
        "Submit, examine, decide, supervise and report approval cases.": "审批事项的提交、审查、决定、督查与统计。",
        "Applicants and windows": "申请人与窗口",
        "The office": "审查机构",
        "The leader": "决定人",
        "Commissioners and auditors": "督查人与审计人",
        "Everybody on a case": "参与办理的各方",
        "Looking": "查询",
        "Running it": "系统运维",
        "Submit a case; the office's time to answer begins.": "提交申请；审查机构的答复时限开始计算。",
        "Supply materials.": "补交材料。",
        "Withdraw the submission.": "撤回申请。",
        "Record that a fee was paid, waived or refunded.": "登记费用的缴纳、减免或退还。",
        "Accept a complete submission; the time to decide begins.": "受理材料齐全的申请；办理时限开始计算。",
        "Name all missing items, once; the applicant's time begins.": "一次性告知全部缺少的材料；申请人补正时限开始计算。",
        "Do not accept the submission.": "不予受理。",
        "Assign the case to an officer of its office, or to nobody.": "把案件交给本机构的经办人，或收回。",
        "Stop the clocks for a lawful reason.": "依法中止计时。",
        "Let the clocks of a suspended case run on.": "恢复计时。",
        "Take the next step of the examination that the matter asks for.": "办理事项规定的下一个审查步骤。",
        "Close the examination with an opinion; the file goes to the leader.": "提出审查意见，审查结束；案卷转给决定人。",
        "Record that the decision was handed over.": "登记决定的送达。",
        "Ask another office for its opinion; it has a time of its own, and decides nothing.": "征求其他机构意见；意见有自己的时限，不作决定。",
        "Go on without the opinion for which another office was asked.": "不再等待征求的意见，继续办理。",
        "Extend the decision clock, once, before it is overdue.": "在逾期之前延长办理期限，以一次为限。",
        "Send the file back to the office.": "把案卷退回审查机构。",
        "Decide: granted.": "决定：准予。",
        "Decide: refused, with reasons.": "决定：不予许可，并说明理由。",
        "Give the opinion for which another office asked.": "答复其他机构征求的意见。",
        "Raise the case one level: leader, commissioner and department head are told.": "提升一级督办：告知决定人、督查人和部门负责人。",
        "Supervision orders: what a commissioner wants to know, of whom, by when.": "督办单：督查人要了解什么，由谁答复，何时之前。",
        "Open a supervision order: somebody has to answer by some time.": "发出督办单：限时答复。",
        "Answer a supervision order.": "答复督办单。",
        "Close a supervision order with a finding.": "写明结论，办结督办单。",
        "List the orders that are not closed, or all of one case.": "列出未办结的督办单，或某一案件的全部督办单。",
        "Inspection after the fact: closed cases drawn at random, and what was found.": "事后抽查：随机抽取已办结案件，登记检查结果。",
        "Over what case.statement gives for this very command, as ssh-keygen -Y sign writes it.":
            "对 case.statement 为此次办理给出的内容的签名，格式同 ssh-keygen -Y sign。",
        "With a signature: what case.statement says.": "与签名一并给出：case.statement 所给的值。",
        "Show the decision on a case: what was sealed and signed, and how to check it.": "显示案件的决定：加盖和签名的内容，以及核验方法。",
        "As a page that can be printed.": "作为可打印的页面。", "Only the statement, to the byte as it is signed.": "仅输出陈述，与签名时逐字节相同。",
        "Only the signature over it.": "仅输出其签名。",
        "Which of them: decision@cased, the office's seal, or a person's such as grant@cased; by default the seal.":
            "哪一个：机构印章 decision@cased，或本人签名如 grant@cased；默认为印章。",
        "The language of the page: en or zh; by default that of the terminal.": "页面语言：en 或 zh；默认为终端的语言。",
        "What others can check without this server.": "他人不用本服务器即可核验的内容。",
        "The keys of seals and signers that ever counted, and when, as ssh-keygen -Y verify reads them.":
            "曾经有效的印章和签名密钥及其有效时间，供 ssh-keygen -Y verify 读取。",
        "Sign it with a key of your own, as the matter may ask: shows what is signed, and asks.": "用本人的密钥签名（事项可能要求）：显示签名内容并询问。",
        "With --sign: the file of the key; by default the agent, with a key that the catalogue names for you.":
            "与 --sign 同用：密钥文件；默认使用代理和清单中您的密钥。",
        "With --sign: do not ask.": "与 --sign 同用：不询问。",
        "List the draws that the catalogue announces, and those that were made, the newest first.": "列出清单公布的抽查和已经进行的抽查，最近的在前。",
        "Show a draw; with --json the file by which anybody can redo it.": "显示一次抽查；加 --json 得到可供复核的文件。",
        "Do a draw over from its published file, without a server.": "根据公布的文件复核一次抽查，不需要服务器。",
        "Record what an inspection of a closed case found; its end stands.": "登记对已办结案件的抽查结果；办理结果不变。",
        "List what inspections found.": "列出抽查结果。",
        "Erase what an ended case says of persons, once that is kept long enough: an auditor asks, somebody else does it.":
            "保存期满后删除已办结案件中的个人信息：由审计人提出，由第二人办理。",
        "Why; it stays in the journal, so it names nobody.": "理由；将保留在办理记录中，因此不写姓名。",
        "Do not ask.": "不询问。",
        "Add a note.": "添加备注。",
        "Declare to have no part in the case; the substitute of the post takes the step.": "声明回避；由岗位的替代人办理。",
        "Carry out one command on all cases that a filter means.": "对筛选出的全部案件执行同一命令。",
        "What waits for you: as officer, leader, commissioner, asked office or applicant.": "待办：等待本人作为经办人、决定人、督查人、被征求意见机构或申请人办理的案件。",
        "List cases.": "列出案件。",
        "Count cases.": "统计案件数。",
        "Show one case, or the public status behind a receipt.": "显示一个案件，或凭回执号查询办理状态。",
        "The journal of one case.": "一个案件的办理记录。",
        "How the deadlines of a case came about, so that a person can redo them with a paper calendar.": "说明期限如何得出，可用纸质日历复核。",
        "Follow cases: print each event as it becomes durable, or run a command for it.": "跟踪案件：逐条显示新的办理记录，或为每条执行命令。",
        "Wait until a case is decided, closed, delivered or in a state.": "等待案件作出决定、办结、送达或到达某一状态。",
        "A live screen of lights, queues and the next deadlines.": "实时屏幕：红绿灯、待办数量和最近的期限。",
        "Write the journal of cases for other programs: as XES for process mining, as CSV or as JSON lines.":
            "为其他程序导出办理记录：XES（流程挖掘）、CSV 或 JSON 行。",
        "Who may do what on a matter or a case, and why.": "谁在某一事项或案件上有什么权力，以及依据。",
        "What people are told: list it, mark it as taken, hand it over by mail.": "告知的内容：列出、标记已阅、通过邮件送达。",
        "Who was told of what, and what is to be done about it; the newest first.": "告知了谁什么内容，应当如何办理；最近的在前。",
        "Mark notices to you as taken.": "把告知本人的内容标记为已阅。",
        "Hand over each new notice to a mail program or a command, at least once.": "把每条新告知交给邮件程序或命令，至少一次。",
        "How the promises are kept.": "时限的遵守情况。",
        "Received, open, decided, in time and late; how long it took; what asks for a look.": "收件、在办、办结、按时与超时；用时；值得关注的情况。",
        "Whether the promises are kept well enough, for monitoring.": "供监控使用：时限遵守情况是否良好。",
        "What server this is, how it does, and who you are to it.": "服务器的情况，以及本人对它的身份。",
        "The list of powers and responsibilities.": "权力和责任清单。",
        "Write a small catalogue to begin with.": "生成一个入门用的小清单。",
        "What the entries of a catalogue can hold.": "说明清单的条目可以写什么。",
        "Print the JSON Schema of a catalogue, for editors.": "输出清单的 JSON Schema，供编辑器使用。",
        "Check a catalogue, without a server.": "检查清单，不需要服务器。",
        "Edit a file of a catalogue, check it, and show what it would change.": "编辑清单文件，检查并显示会有什么变化。",
        "What a catalogue would change, for which running cases, and whose deadlines move.": "清单会改变什么，涉及哪些在办案件，哪些期限变动。",
        "Make a catalogue the next version.": "把清单定为下一版本。",
        "Agree, as a second one, to the parts that a catalogue gives.": "作为第二人确认清单授予的职责。",
        "Give up a catalogue that waits for its day.": "放弃尚未生效的清单。",
        "The versions of the catalogue, and what of them waits for a second word.": "清单的各个版本，以及其中待确认的部分。",
        "What one catalogue says otherwise than another, key by key, and who has which part by it.": "两份清单逐项的差别，以及谁因此有什么职责。",
        "Print the files of a version.": "输出某一版本的文件。",
        "The list of powers and responsibilities, for publication.": "供公布的权力和责任清单。",
        "The service guide of a matter: what an applicant has to know.": "办事指南：申请人须知。",
        "The service guides of all matters as pages, and an index of them.": "全部事项的办事指南网页及其目录。",
        "Count in working time, look at calendars, take over published ones.": "计算工作时间，查看日历，采用公布的日历。",
        "When a budget ends.": "一段时限何时届满。",
        "How much time lies between two instants.": "两个时刻之间有多少时间。",
        "The months of a calendar: which days are worked, which are not, and why.": "日历的月份：哪些日子上班，哪些不上班，为什么。",
        "Why a day counts as a working day or does not, and by which list.": "某一天为什么算或不算工作日，依据哪份安排。",
        "Which days two catalogues count differently, and whose deadlines move by that.": "两份清单对哪些日子计算不同，哪些期限因此变动。",
        "Take a published year of holidays over into a catalogue.": "把公布的节假日安排采用到清单中。",
        "The machine's clock, and that of a training instance.": "系统时钟，以及培训系统的时钟。",
        "Say that the machine's clock is right although it was set further than is believed.": "确认系统时钟正确，尽管它的调整幅度超出可信范围。",
        "What the journal holds about the server itself: steps of the clock, changed rules.": "关于服务器本身的记录：时钟调整、规则变更。",
        "Move a manual clock forward; what falls due on the way happens in order.": "拨快手动时钟；途中到期的按顺序发生。",
        "Copy the whole store to a file while the server runs.": "在服务器运行时把全部数据备份到文件。",
        "Send any method and print its result as JSON.": "发送任一方法，以 JSON 输出结果。",
    ]

    // MARK: Options of the main commands

    private static let options = [
        "The server's socket.": "服务器的套接字。",
        "Print the result as JSON, for programs.": "以 JSON 输出结果，供程序使用。",
        "Write the output into this file, which is replaced once all of it is there; what fails changes nothing.":
            "把输出写入此文件；全部写完才替换，失败则不变。",
        "Act for this person; only for a service that may.": "代表此人办理；仅限有权的服务。",
        "Refuse unless the case is at this revision.": "仅当案件处于此修订号时执行。",
        "Only say what it would do, or why it would be refused; nothing is changed.": "只说明会做什么或为何被拒；不作任何变更。",
        "The idempotency key; by default a new one. The same key gets the first answer again.": "幂等键；默认新建。同一键再次得到第一次的答复。",
        "The matter, as the duty list names it.": "事项，按权责清单的名称。",
        "What it is about.": "申请的内容。",
        "The applicant's id.": "申请人的标识。",
        "The applicant's name.": "申请人的姓名或名称。",
        "What is handed in; repeat it for more.": "提交的材料；可重复。",
        "Further data, as NAME=VALUE; repeat it for more.": "其他数据，写作 NAME=VALUE；可重复。",
        "How it came in: online, window, post, or as the matter says.": "申请途径：online 网上、window 窗口、post 邮寄，或事项所列的其他途径。",
        "The area from which it is, where the matter has areas.": "办理区域，仅限划分区域的事项。",
        "The case that is to be revoked, such as C-17, where the matter is a revocation.": "要撤销的案件，如 C-17，仅限撤销类事项。",
        "The case, such as C-17.": "案件编号，如 C-17。",
        "What is supplied; repeat it for more.": "补交的材料；可重复。",
        "A remark.": "说明。",
        "Why.": "理由。",
        "Leave it with nobody; by default whoever accepts it handles it, unless somebody does.": "不指定经办人；默认由受理人经办。",
        "All missing materials; repeat it for more.": "全部缺少的材料；可重复。",
        "The organ that is competent.": "有权办理的机关。",
        "A person.": "人员。",
        "Nobody.": "不交给任何人。",
        "What for: hearing, expert-review, inspection, appraisal, applicant, force-majeure.":
            "原因：hearing 听证、expert-review 专家评审、inspection 检验检测、appraisal 鉴定、applicant 申请人原因、force-majeure 不可抗力。",
        "The legal basis.": "法律依据。",
        "The announced length, such as \"10 working-days\".": "告知的时长，如 \"10 working-days\"。",
        "Which suspension has ended; needed where there are several: hearing, expert-review, inspection, appraisal, applicant, force-majeure.":
            "哪一项中止已经结束；有多项时必填：hearing 听证、expert-review 专家评审、inspection 检验检测、appraisal 鉴定、applicant 申请人原因、force-majeure 不可抗力。",
        "grant or refuse.": "grant 准予，refuse 不予许可。",
        "The written opinion.": "书面意见。",
        "By which way.": "送达方式。",
        "Where the file is: submitted, correction, in-review, with-leader, granted, refused, deemed-granted, not-accepted, withdrawn, lapsed; several with commas between.":
            "状态：submitted 已提交、correction 补正、in-review 审查、with-leader 待决定、granted 准予、refused 不予许可、deemed-granted 视为准予、not-accepted 不予受理、withdrawn 撤回、lapsed 逾期未补正；多个用逗号分隔。",
        "A matter.": "事项。",
        "An office.": "机构。",
        "A leader post.": "决定人的岗位。",
        "A commissioner post.": "督查人的岗位。",
        "An officer.": "经办人。",
        "An applicant's id.": "申请人的标识。",
        "An area.": "区域。",
        "green, yellow, red or none; several with commas between.": "green 绿灯、yellow 黄灯、red 红灯或 none 无；多个用逗号分隔。",
        "Only where it waits for whoever asks: as officer, leader, commissioner, asked office or applicant.": "仅限等待本人办理的。",
        "Only where a clock is overdue.": "仅限逾期的。",
        "Only where a deadline rests on days not yet official.": "仅限期限依据尚未公布的日历的。",
        "Only where the case is suspended.": "仅限中止的。",
        "The earliest deadline is before this day or instant.": "最早的期限早于此日或此时。",
        "Submitted at or after this day or instant.": "在此日或此时以后提交。",
        "Submitted before this day or instant.": "在此日或此时之前提交。",
        "Closed at or after this day or instant.": "在此日或此时以后办结。",
        "Closed before this day or instant.": "在此日或此时之前办结。",
        "Only where an inspection was recorded.": "仅限有抽查记录的。",
        "An office whose opinion was asked and is not there yet.": "被征求意见而尚未答复的机构。",
        "Only where what was granted is revoked.": "仅限许可已被撤销的。",
        "Only where a decision, or that it was not accepted, has still to be handed over.": "仅限决定或不予受理尚未送达的。",
        "Part of the title or of the applicant's name.": "标题或申请人名称的一部分。",
        "To be done by the end of today, tomorrow, this-week or a day; overdue is as well.":
            "今天（today）、明天（tomorrow）、本周（this-week）或某日结束前须办理的，包括已逾期的。",
        "table, wide, json, jsonl or csv.": "table、wide、json、jsonl 或 csv。",
        "Only these columns, in this order, with commas between.": "仅限这些列，按此顺序，用逗号分隔。",
        "Order by this column, -column for the greatest first; several with commas between.": "按此列排序，加 - 号则从大到小；多列用逗号分隔。",
        "In a table, put what has the same in this column together.": "在表格中按此列分组。",
        "Show instants as they are, in UTC, also on a terminal.": "在终端上也以 UTC 显示时刻。",
        "Never call a pager.": "不使用分页程序。",
        "In CSV, leave texts as they are that a spreadsheet would take for formulas; by default they begin with a quote.":
            "在 CSV 中保留会被电子表格当作公式的文本；默认在前面加单引号。",
        "Begin CSV with a byte order mark, by which spreadsheets know UTF-8.": "CSV 以字节顺序标记开头，便于电子表格识别 UTF-8。",
        "At most so many, of orders and inspections so many cases; by default 100 in a table and all in a form for programs.":
            "最多这么多；表格默认 100 行，供程序使用的形式默认全部。",
        "Ask a replica of the store where there is one, also while the store itself is away; it is said as of when that holds.":
            "向存储的副本查询（若有），存储本身不可用时也可；会说明结果截至何时。",
        "Go on after the place that the list before ended with.": "从上一次列表结束处继续。",
        "The note.": "备注内容。",
        "Count by this column.": "按此列统计。",
        "The case, such as C-17, or a receipt such as 7QK2-M9XD-4RTA.": "案件编号，如 C-17；或回执号，如 7QK2-M9XD-4RTA。",
        "Only the last so many events, without who has read them.": "仅限最近若干条，不含阅读记录。",
    ]

    // MARK: Headings of tables, and what stands before facts

    private static let headings = [
        "CASE": "案件", "RECEIPT": "回执号", "LIGHT": "灯", "STATE": "状态", "MATTER": "事项", "OFFICE": "机构", "HANDLER": "经办人", "LEADER": "决定人",
        "COMMISSIONER": "督查人", "DUE": "期限", "UNTIL": "至", "ESCALATION": "督办级别", "APPLICANT": "申请人", "CHANNEL": "途径", "SUBMITTED AT": "提交时间",
        "CLOSED AT": "办结时间", "DECIDED BY": "决定者", "TIMELINESS": "是否按时", "REVISION": "修订号", "NEXT": "下一步", "CLOCK": "时限", "LEFT": "剩余",
        "TITLE": "标题", "AREA": "区域", "REFERS TO": "针对案件", "CASES": "案件数", "WARNED": "预警", "OVERDUE": "逾期", "AT": "时间", "EVENT": "记录",
        "INPUTS": "依据", "BY": "办理人", "VIA": "通过", "WHAT": "内容", "SEQ": "序号", "UNIT": "单位", "BUDGET": "时限", "USED": "已用", "STATUS": "情况",
        "WHAT HAPPENED": "发生了什么", "FROM": "自", "TO": "至", "COUNTED": "计入", "IN ALL": "合计", "NOTES": "说明", "RECIPIENT": "收件人",
        "ADDRESSEE": "告知对象", "TO DO": "应办", "TAKEN AT": "已阅时间", "TAKEN BY": "阅者", "RECIPIENT NAME": "收件人姓名", "ORDER": "督办单", "REASON": "理由",
        "ANSWER": "答复", "FINDING": "结论", "OUTCOME": "结果", "DRAW": "抽查",
        "NAME": "名称", "RECEIVED": "收件", "OPEN": "在办", "PROVISIONAL": "暂定", "DECIDED": "办结", "GRANTED": "准予", "REFUSED": "不予许可",
        "DEEMED GRANTED": "视为准予", "CLOSED OTHERWISE": "其他办结", "IN TIME": "按时", "PROMISE MISSED": "超过承诺时限", "LATE": "超过法定时限", "RATE": "按时率",
        "HANDLING MEDIAN": "用时中位数", "HANDLING P90": "用时九成", "HANDLING NET MEDIAN": "净用时中位数", "HANDLING NET P90": "净用时九成", "RETURNS": "退回",
        "PAUSES": "中止", "EXTENSIONS": "延长", "CORRECTIONS": "补正",
        "PAUSES NEAR BREACH": "临期中止", "SAME DAY PAUSES": "当日中止", "REPEATED CORRECTIONS": "重复补正", "LAST MOMENT DECISIONS": "临期决定",
        "OLDEST OPEN": "最早在办", "OLDEST SUBMITTED AT": "其提交时间", "SERVER": "服务器", "POST": "岗位", "HOLDER": "任职人",
        "ROLE": "职能", "HINDRANCE": "障碍", "DEPARTMENT": "部门", "STATUTORY": "法定时限", "PROMISED": "承诺时限", "RANK": "级别", "DUTIES": "职责",
        "AFTER": "之后", "BEFORE": "之前", "DAY": "日期", "WEEKDAY": "星期", "MATTERS": "事项数", "IN ONE OFFICE": "一个机构办结", "AT ONE WINDOW": "一个窗口办理",
        "ONLINE": "网上办理", "OFFICES": "机构数", "AVERAGE STAFF": "平均编制", "STAFF": "编制", "LEADING POSTS": "领导职数", "RANKS": "职级",
        "DUTY": "职责", "CLOCKS": "时限数", "LATER": "推迟", "EARLIER": "提前", "KEPT": "保持", "BREACHED": "逾期", "NOW OFFICIAL": "转为确定",
        "SUPERVISED BY": "督查", "SILENCE": "逾期不答复", "EVERY": "周期", "SIZE": "数量", "COMMITMENT": "承诺值", "MISSED": "漏抽", "DRAWN": "抽中",
        "CALENDAR": "日历", "WEEK": "周", "SUBMITTED": "已提交", "CORRECTION": "补正中", "IN-REVIEW": "审查中", "WITH-LEADER": "待决定", "OLDEST": "最早",
        "VERSION": "版本", "CONFIRMED": "确认", "DIGEST": "摘要值", "REMARK": "备注", "WORKED": "上班",
        // Evidence.
        "Check a folder that was exported, or the server, against checkpoints and a key.": "对照检查点和密钥核验导出的目录或服务器。",
        "One file that shows that an event of a case is in the journal.": "用一个文件证明案件的某个事件在日志中。",
        "The newest signed checkpoint of the journal, to be kept elsewhere than the server.": "日志最新的签名检查点，供在服务器之外保存。",
        "Write the journal to a folder by which others verify it with their own programs.": "将日志写入目录，供他人用自己的程序核验。",
        "Look through the whole store now, whether anybody reads what is there or not.": "立即检查整个存储，无论是否有人读取。",
        "Whether the journal of one checkpoint is the beginning of another one's, by the hashes of the server.":
            "按服务器的摘要，判断一个检查点的日志是否为另一个的开头。",
        "Hand the newest checkpoint to somebody else, once it goes on from the one that they saw last.":
            "核实最新检查点延续他人上次所见之后，交给他人保存。",
        // Before facts.
        "title": "标题", "matter": "事项", "decision": "决定", "at": "时间", "state": "状态", "light": "灯", "escalation": "督办级别", "office": "机构",
        "area": "区域", "handler": "经办人",
        "leader": "决定人", "commissioner": "督查人", "channel": "途径", "receipt": "回执号", "submitted at": "提交时间", "closed at": "办结时间",
        "delivered at": "送达时间", "recommendation": "审查意见", "timeliness": "是否按时", "catalog version": "清单版本", "revision": "修订号",
        "waits for": "等待", "reasons": "理由", "to be decided by": "办结期限", "by law, by": "法定期限", "fees due": "待缴费用", "missing": "缺少",
        "applicant": "申请人",
        "is about": "针对", "in question by": "撤销程序", "revoked by": "被撤销于", "erased": "个人信息已删除", "erasure asked": "已提出删除",
        "suspended": "中止", "opinion": "征求意见", "extended": "延长", "materials": "材料", "step": "步骤", "fee": "费用", "order": "督办单", "draws": "抽查",
        "field": "数据", "correction-requested": "补正告知", "recommended": "审查意见", "returned": "退回", "granted": "准予", "refused": "不予许可",
        "declined": "不予受理", "withdrawn": "撤回", "revoked": "撤销", "noted": "备注", "running since": "运行自", "now": "当前时间", "clock": "时钟",
        "catalogue version": "清单版本", "this is": "本系统", "open cases": "在办案件", "lights": "红绿灯", "next deadline": "下一期限",
        "latest deadline was late by": "最近期限迟到", "calendars are official through": "日历公布至", "time zones": "时区数据", "store": "数据",
        "post": "岗位", "closed from": "办结自", "closed before": "办结至", "committed at": "预告时间", "commitment": "承诺值", "made at": "抽查时间",
        "secret": "密数", "head": "记录序号", "head sha256": "记录摘要", "seed": "种子", "from cases": "总数", "size": "数量", "missed before": "此前漏抽",
        "drawn": "抽中",
        "last backup": "最近备份", "last witnessed": "最近见证", "journal": "日志", "its key": "日志密钥", "store looked through": "存储检查于",
        "watchdog": "看门狗", "you are": "当前用户", "node": "节点", "database": "数据库", "replication": "复制", "standby": "备用服务器",
        "head held by": "正在写入",
    ]

    // MARK: Sentences

    private static let sentences = [
        "casectl finds the server by --socket, then CASED_SOCKET, then /run/cased/cased.sock.":
            "casectl 依次按 --socket、CASED_SOCKET、/run/cased/cased.sock 找到服务器。",
        "Exit codes: 0 done; 1 refused by a rule; 64 wrong usage; 65 the journal is not the one that was witnessed; 66 not found; 69 the server cannot be reached; 73 conflict, somebody was first, or a file cannot be made; 74 the output cannot be written; 75 try again later; 77 not permitted.":
            "退出码：0 完成；1 依规则拒绝；64 用法有误；65 日志与所见证的不符；66 未找到；69 无法连接服务器；73 冲突，他人在先，或文件无法创建；74 输出无法写入；75 请稍后再试；77 无权办理。",
        "Nothing waits for you.": "没有待办事项。", "More: ": "更多：", "You may: ": "现在可以：", "nothing now": "暂无", "Not now:": "现在还不可以：",
        "over by ": "逾期 ", "end of day": "当日截止", "in ": "还有 ", " ago": "前", "total": "合计",
        "over by less than ": "逾期不足 ", "where the file is now": "案件当前所处状态不允许", "order:": "督办单：",
        "inspection:": "抽查：", "not handed in yet: ": "尚未提交：", "the office, to hand over the decision": "审批机构（送达决定）",
        "until": "截止", "Times are those of ": "所列为当地时间：", "Times are UTC": "所列为 UTC 时间",
    ]

    // MARK: What the server refuses

    package static func refusal(_ kind: Refusal.Kind) -> String {
        switch kind {
        case .stateNotAllowed: "案件当前的状态不允许这样办理"
        case .suspended: "案件处于中止状态"
        case .notSuspended: "案件没有这样的中止"
        case .alreadySuspended: "案件已因此中止"
        case .severalSuspensions: "案件有多项中止，请指明哪一项"
        case .notReadable: "无权查阅此案件"
        case .notPermitted: "无权办理"
        case .fourEyes: "已以另一身份参与此案，须由他人办理"
        case .hasRecused: "已声明回避"
        case .administers: "系统管理员不得参与办理"
        case .serviceSide: "此服务已代表另一方，不得再代表任何人办理"
        case .assignedTo: "案件由他人经办"
        case .notAnOfficer: "此人在该机构没有岗位"
        case .isRecused: "此人已回避"
        case .nobodyElse: "回避后无人可以办理"
        case .lastDecider: "由其审查则无人可以决定"
        case .serviceNotForMatter: "此服务不受理该事项"
        case .empty: "内容为空"
        case .materialsMissing: "缺少必需的材料"
        case .materialUnknown: "事项没有这种材料"
        case .areaMissing: "请指明区域"
        case .areaUnknown: "事项没有这个区域"
        case .fieldsMissing: "有必填项未填写"
        case .fieldUnfit: "填写的内容不符合要求"
        case .channelUnknown: "事项不接受这种办理方式"
        case .stepUnknown: "事项没有这个步骤"
        case .stepTaken: "该步骤已经办理"
        case .stepNotNext: "须先办理前面的步骤"
        case .stepForPost: "该步骤由其他岗位办理"
        case .stepsMissing: "审查步骤尚未完成"
        case .materialIsFee: "这是费用，不是材料"
        case .feeUnknown: "事项没有这项费用"
        case .feeForOffice: "此项由审查机构登记"
        case .feeState: "费用当前的情况不允许这样登记"
        case .feesDue: "费用尚未缴纳"
        case .itemsNotInFirstNotice: "首次告知未列明的材料不得再要求"
        case .clockNotRunning: "没有正在计算的这种时限"
        case .clockNotExtendable: "该时限不得延长"
        case .alreadyExtended: "时限只能延长一次"
        case .alreadyBreached: "时限已经逾期，不能再延长"
        case .extensionTooLong: "延长超过允许的长度"
        case .suspensionTooLong: "中止超过允许的长度"
        case .alreadyDelivered: "决定已经送达"
        case .wasRevoked: "决定已被撤销"
        case .orderAlreadyOpen: "已有未办结的督办单"
        case .noOpenOrder: "没有这样的未办结督办单"
        case .orderForAnother: "督办单要求他人答复"
        case .notDrawn: "案件不在此次抽查中"
        case .noSuchCase: "没有可以针对的这个案件"
        case .refersToNothing: "该事项不是撤销类"
        case .notRevocable: "此案件不能撤销"
        case .notConsulted: "事项不征求该机构的意见"
        case .opinionAlreadyAsked: "已征求该机构的意见"
        case .tooManyOpinions: "征求的意见过多"
        case .noOpenOpinion: "没有征求该机构的意见"
        case .opinionOfAnother: "意见由被征求的机构给出"
        case .opinionAwaited: "征求的意见尚在时限之内"
        case .sealMissing: "机构的电子印章现在无法使用，不能作出决定"
        case .signatureMissing: "该事项要求本人签名"
        case .signatureWrong: "签名未被接受"
        case .wasErased: "案件中的个人信息已删除"
        case .isRetained: "案件中的个人信息尚不能删除"
        case .erasureNotAsked: "须先由审计人提出"
        case .erasureByOne: "须由第二人办理"
        case .notDue: "尚未到期"
        }
    }

    /// What the protocol refuses, by kind.
    package static let kinds = [
        "params.invalid": "参数有误", "params.too_long": "内容过长", "permission.denied": "无权办理", "case.not_found": "没有这个案件",
        "matter.not_found": "没有这种事项", "person.not_found": "没有这个人员", "calendar.not_found": "没有这个日历", "clock.not_found": "没有这个时限",
        "catalog.not_found": "没有这个清单版本", "draw.not_found": "没有这次抽查",
        "decision.not_found": "此案件尚未作出决定", "intake.exceeded": "今日提交已达上限", "cases.too_many_open": "在办案件过多",
        "revision.conflict": "案件已有变化", "idempotency.key_reused": "此键已用于其他请求", "catalog.refused": "清单有误",
        "catalog.second_word": "须由第二人确认", "catalog.unconfirmed": "清单的这一部分待确认", "catalog.pending": "已有等待生效的清单",
        "catalog.version_conflict": "清单版本已有变化", "catalog.orphans_cases": "在办案件将无人办理", "catalog.no_successor": "没有承接机构",
        "clock.not_manual": "时钟不是手动的", "clock.not_held": "时钟没有被搁置", "store.full": "存储空间已满", "server.draining": "服务器正在停止",
        "rate.limited": "请求过多，请稍后", "store.unreachable": "数据库暂时无法连接", "backup.of_database": "数据库中的数据由数据库自身的工具备份",
    ]

    // MARK: Words

    /// A state for whoever does not work here, with what goes on in it.
    package static func state(_ state: State) -> String {
        let remark: String? =
            switch state {
            case .submitted: "正在核对材料"
            case .correction: "等待申请人补正"
            case .withLeader: "审查结束"
            case .deemedGranted: "逾期未决定"
            case .lapsed: "逾期未补正"
            case .inReview, .granted, .refused, .notAccepted, .withdrawn: nil
            }
        return Glossary.state(state) + (remark.map { "（\($0)）" } ?? "")
    }
}
