import CaseWire
import Foundation

/// A small catalogue that every kind of test can use: one office, two matters, one of each role.
package enum SmallOffice {
    /// - Parameter user: the unix user of the service `hall`, which may act for anybody.
    package static func files(user: UInt32 = getuid()) -> [String: String] {
        [
            "office.toml": """
            [department.bureau]
            name = "Bureau"
            head = "bureau-head"
            [office.permits]
            name = "Permit office"
            department = "bureau"
            head = "office-head"
            function = "Examines all matters of the bureau"
            authorisation = "Order 1"
            rules = ["Rules of procedure"]
            seal = "Seal of the permit office"
            [post.office-head]
            name = "Head of the office"
            office = "permits"
            holder = "hana"
            [post.officer]
            name = "Officer"
            office = "permits"
            holder = "otto"
            [post.leader]
            name = "Leader"
            holder = "lena"
            [post.bureau-head]
            name = "Head of the bureau"
            holder = "bela"
            [post.commissioner]
            name = "Commissioner"
            holder = "cora"
            main-duty = "Supervises the time limits"
            [person.hana]
            name = "Hana"
            [person.otto]
            name = "Otto"
            [person.lena]
            name = "Lena"
            [person.bela]
            name = "Bela"
            [person.cora]
            name = "Cora"
            [service.hall]
            name = "Hall"
            acts-for = ["anyone"]
            [user.\(user)]
            service = "hall"

            """,
            "matters.toml": """
            [matter.permit]
            name = "Permit"
            office = "permits"
            leader = "leader"
            commissioner = "commissioner"
            sla = "licensing"
            basis = "Permit Act, § 7"
            channels = ["window", "online"]
            retention = "12 months"
            extension = { limit = "10 working-days", authority = "bureau-head" }
            [[matter.permit.material]]
            id = "form"
            [[matter.permit.material]]
            id = "plan"
            optional = true
            [matter.notice]
            name = "Notice"
            office = "permits"
            leader = "leader"
            commissioner = "commissioner"
            sla = "licensing"
            basis = "Notice Act, § 3"
            channels = ["window", "online"]
            silence = "grants"
            [[matter.notice.material]]
            id = "form"

            """,
            "sla.toml": """
            [sla.licensing]
            calendar = "cn"
            [sla.licensing.intake]
            budget = "5 working-days"
            ladder = [{ at = "80%", level = 1, notify = ["office-head"] }]
            [sla.licensing.correction]
            budget = "30 calendar-days"
            [sla.licensing.decision]
            budget = "20 working-days"
            ladder = [
              { at = "80%", level = 1, notify = ["handler"] },
              { at = "3 working-days before", level = 2, notify = ["leader"] },
              { at = "at breach", level = 3, notify = ["leader", "commissioner"] },
              { at = "2 working-days after", level = 4, notify = ["department-head"] },
            ]
            [sla.licensing.promise]
            budget = "10 working-days"
            [sla.licensing.review]
            budget = "40 working-hours"
            [sla.licensing.delivery]
            budget = "10 working-days"
            [sla.licensing.suspension]
            longest = "60 calendar-days"

            """,
            "audit.toml": """
            [post.auditor]
            name = "Auditor"
            holder = "ada"
            audits = true
            [person.ada]
            name = "Ada"

            """,
            "calendar.toml": calendar,
        ]
    }

    /// A matter that revokes what the two others grant, to be added to `matters.toml`.
    package static let revocation = """
        [matter.revocation]
        name = "Revocation"
        kind = "revocation"
        revokes = ["permit", "notice"]
        office = "permits"
        leader = "leader"
        commissioner = "commissioner"
        sla = "licensing"
        basis = "Permit Act, § 12"
        channels = ["window", "online"]
        [[matter.revocation.material]]
        id = "form"
        optional = true

        """

    /// With two other offices whose opinions may be asked: while the clocks run, and while they stand still.
    package static func consulting(_ files: [String: String], matters: [String] = ["permit", "notice"]) -> [String: String] {
        var files = files
        files["opinions.toml"] = [("fire", "finn"), ("water", "wanda")].map { office, head in
            """
            [office.\(office)]
            name = "Office of \(office)"
            kind = "internal"
            department = "bureau"
            head = "\(office)-head"
            [post.\(office)-head]
            name = "Head of \(office)"
            office = "\(office)"
            holder = "\(head)"
            [person.\(head)]
            name = "\(head.capitalized)"

            """
        }.joined()
        for matter in matters {
            files["matters.toml"]! += """
                [[matter.\(matter).opinion]]
                office = "fire"
                due = "5 working-days"
                [[matter.\(matter).opinion]]
                office = "water"
                due = "3 working-days"
                clock = "suspends"

                """
        }
        return files
    }

    /// A further matter, which is divided into areas, is examined in steps and costs a fee.
    package static let survey = [
        "survey.toml": """
        [matter.survey]
        name = "Survey"
        office = "permits"
        leader = "leader"
        commissioner = "commissioner"
        sla = "licensing"
        basis = "Survey Act, § 2"
        channels = ["window", "online"]
        areas = { north = "officer", south = "office-head" }
        [[matter.survey.material]]
        id = "form"
        [[matter.survey.material]]
        id = "charge"
        name = "Survey charge"
        kind = "fee"
        amount = "120.00 CNY"
        [[matter.survey.step]]
        id = "papers"
        name = "Examination of the papers"
        [[matter.survey.step]]
        id = "site"
        name = "Visit of the site"
        post = "officer"

        """
    ]

    /// China 2026, as in the clock vectors.
    package static let calendar = """
        [calendar.cn]
        zone = "Asia/Shanghai"
        valid-through = 2026-12-31
        [calendar.cn.week]
        monday = ["09:00-12:00", "14:00-17:00"]
        tuesday = ["09:00-12:00", "14:00-17:00"]
        wednesday = ["09:00-12:00", "14:00-17:00"]
        thursday = ["09:00-12:00", "14:00-17:00"]
        friday = ["09:00-12:00", "14:00-17:00"]

        """
        + [
            ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
            ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
            ("2026-10-01", "2026-10-07"),
        ].map { "[[calendar.cn.holiday]]\nname = \"holiday\"\nfrom = \($0.0)\nto = \($0.1)\n" }.joined()
        + ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
        .map { "[[calendar.cn.make-up]]\nname = \"make-up day\"\non = \($0)\n" }.joined()

    /// As the parameter `files` of `catalog.apply`.
    package static func parameter(_ files: [String: String] = files()) -> JSONValue {
        .object([
            .init("files", .object(files.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }))
        ])
    }

    /// The parameters of a complete submission of `permit`.
    package static func submission(
        _ title: String = "Warehouse 7", matter: String = "permit", key: String? = nil, materials: [String] = ["form"],
        area: String? = nil, channel: String? = nil, refersTo: JSONValue? = nil, text: String? = nil
    ) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("matter", .string(matter)), .init("title", .string(title)),
            .init("applicant", .object([.init("id", .string("91230100MA")), .init("name", .string("Harbin Graphene Park"))])),
            .init("materials", .array(["permit", "notice", "survey"].contains(matter) ? materials.map(JSONValue.string) : [])),
        ]
        if let text { members.append(.init("fields", .object([.init("text", .string(text))]))) }
        if let area { members.append(.init("area", .string(area))) }
        if let channel { members.append(.init("channel", .string(channel))) }
        if let refersTo { members.append(.init("refers_to", refersTo)) }
        if let key { members.append(.init("idempotency_key", .string(key))) }
        return .object(members)
    }
}

extension JSONValue {
    /// An object, in the order of writing.
    package static func of(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(members.map { Member($0.key, $0.value) })
    }
}
