/// A catalogue to begin with: one office that examines, one leader who decides, one commissioner who supervises, an auditor, somebody who agrees to
/// later versions, one matter. It is checked like any other, and every key and table that it does not use stands in it as a remark.
package enum CatalogueBeginning {
    /// Its files, by their names.
    package static let files: [String: String] = [
        "organisation.toml": entries(
            ("department", "planning", ["name": #""Planning""#, "head": #""director""#]),
            (
                "office", "permits",
                [
                    "name": #""Permit office""#, "department": #""planning""#, "head": #""office-head""#,
                    "function": #""examines what is applied for""#, "authorisation": #""the act that set it up""#,
                    "rules": #"["the rules by which it works"]"#, "seal": #""Permit seal""#,
                ]
            ),
            ("post", "director", ["name": #""Director""#, "holder": #""person-1""#, "main-duty": #""decides""#]),
            (
                "post", "office-head",
                ["name": #""Head of the office""#, "office": #""permits""#, "holder": #""person-2""#, "main-duty": #""heads the office""#]
            ),
            ("post", "officer", ["name": #""Officer""#, "office": #""permits""#, "holder": #""person-3""#, "main-duty": #""examines""#]),
            ("post", "commissioner", ["name": #""Commissioner""#, "holder": #""person-4""#, "main-duty": #""supervises""#]),
            ("post", "auditor", ["name": #""Auditor""#, "holder": #""person-5""#, "audits": "true", "main-duty": #""audits""#]),
            (
                "post", "registrar",
                [
                    "name": #""Registrar""#, "holder": #""person-6""#, "confirms": "true",
                    "main-duty": #""agrees to changes of this catalogue""#,
                ]
            ),
            ("person", "person-1", ["name": #""Who decides""#]), ("person", "person-2", ["name": #""Who heads the office""#]),
            ("person", "person-3", ["name": #""Who examines""#]), ("person", "person-4", ["name": #""Who supervises""#]),
            ("person", "person-5", ["name": #""Who audits""#]), ("person", "person-6", ["name": #""Who agrees to changes""#]),
            ("service", "online-hall", ["name": #""Online hall""#, "acts-for": #"["anyone"]"#]))
            + CatalogueTable.all.filter { !used.contains($0.name) }.map(\.remark).joined(),
        "matters.toml": entries(
            (
                "matter", "building",
                [
                    "name": #""Building permit""#, "office": #""permits""#, "leader": #""director""#,
                    "commissioner": #""commissioner""#, "sla": #""licensing""#, "basis": #""the law""#,
                    "channels": #"["window", "online"]"#,
                    "material": #"[{ id = "form", name = "Application form" }]"#,
                ]
            ),
            ("draw", "monthly", ["post": #""commissioner""#, "size": "5", "calendar": #""city""#])),
        "clocks.toml": entries(
            (
                "sla", "licensing",
                [
                    "calendar": #""city""#, "intake": #"{ budget = "5 working-days" }"#,
                    "correction": #"{ budget = "30 calendar-days" }"#,
                    "decision":
                        #"{ budget = "20 working-days", ladder = [{ at = "80%", notify = ["handler"] }, { at = "at breach", level = 2, notify = ["leader", "commissioner"] }] }"#,
                    "delivery":
                        #"{ budget = "10 working-days", ladder = [{ at = "at breach", notify = ["office-head", "commissioner"] }] }"#,
                    "suspension": #"{ longest = "60 calendar-days" }"#,
                ]
            ),
            (
                "calendar", "city",
                [
                    "zone": #""Asia/Shanghai""#, "valid-through": "2026-12-31", "holidays": #"["city-2026"]"#,
                    "week":
                        "{ "
                        + ["monday", "tuesday", "wednesday", "thursday", "friday"].map {
                            #"\#($0) = ["09:00-12:00", "14:00-17:00"]"#
                        }.joined(separator: ", ") + " }",
                ]
            ),
            ("holidays", "city-2026", ["year": "2026", "holiday": #"[{ name = "New Year", on = 2026-01-01 }]"#])),
    ]

    /// The tables that have an entry.
    private static let used: Set = ["department", "office", "post", "person", "service", "matter", "draw", "sla", "calendar", "holidays"]

    private static func entries(_ entries: (kind: String, name: String, given: KeyValuePairs<String, String>)...) -> String {
        entries.map { entry in
            guard let table = CatalogueTable.kind(entry.kind) else { preconditionFailure("there is no kind \(entry.kind)") }
            return table.beginning(entry.name, entry.given)
        }.joined()
    }
}
