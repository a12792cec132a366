import Foundation

/// A district's real approval items, as a catalogue before and after its reform: an approval office in each of its departments, then
/// one for all of them. The items lie beside the project.
package struct District {
    /// A department and the name of an item, in the order of the file.
    package let items: [(department: Int, name: String)]
    package let departments: [String]

    package init() throws {
        let text = String(decoding: try SharedData.bytes("catalogue/guangan_items.csv"), as: UTF8.self)
        var departments: [String] = []
        items = District.rows(text).dropFirst().filter { $0.count > 2 }.map { row in
            if !departments.contains(row[0]) { departments.append(row[0]) }
            return (departments.firstIndex(of: row[0])!, row[2])
        }
        self.departments = departments
    }

    package var matterNames: [String] {
        items.indices.map { "item-\($0)" }
    }

    /// - Parameters:
    ///   - isMerged: whether all items lie with one office.
    ///   - user: the unix user of the service `hall`, which may act for anybody.
    package func files(isMerged: Bool, user: UInt32 = getuid()) -> [String: String] {
        let small = SmallOffice.files(user: user)
        return [
            "organisation.toml": organisation(isMerged)
                + "[service.hall]\nname = \"Hall\"\nacts-for = [\"anyone\"]\n[user.\(user)]\nservice = \"hall\"\n",
            "matters.toml": items.enumerated().map { number, item in
                """
                [matter.item-\(number)]
                name = \(District.quoted(item.name))
                office = "\(isMerged ? "bureau" : "office-\(item.department)")"
                leader = "leader-\(item.department)"
                commissioner = "commissioner"
                sla = "licensing"

                """
            }.joined(), "sla.toml": small["sla.toml"]!, "calendar.toml": small["calendar.toml"]!,
        ]
    }

    private func organisation(_ isMerged: Bool) -> String {
        var text = """
            [post.commissioner]
            name = "督查专员"
            holder = "cora"
            main-duty = "督查审批时限"
            [person.cora]
            name = "Cora"

            """
        for (number, department) in departments.enumerated() {
            let office = isMerged ? "bureau" : "office-\(number)"
            text += """
                [department.d\(number)]
                name = \(District.quoted(department))
                [post.head-\(number)]
                name = "审批科长"
                office = "\(office)"
                holder = "hana-\(number)"
                [post.leader-\(number)]
                name = "分管领导"
                holder = "lena-\(number)"
                leading = true
                [person.hana-\(number)]
                name = "Hana \(number)"
                [person.lena-\(number)]
                name = "Lena \(number)"

                """
            if !isMerged { text += self.office(office, "d\(number)", head: number) }
        }
        if isMerged {
            text += "[department.bureau]\nname = \"行政审批局\"\n" + self.office("bureau", "bureau", head: 0)
            text += "succeeds = [\(departments.indices.map { "\"office-\($0)\"" }.joined(separator: ", "))]\n"
        }
        return text
    }

    private func office(_ id: String, _ department: String, head: Int) -> String {
        """
        [office.\(id)]
        name = "行政审批办公室"
        department = "\(department)"
        head = "head-\(head)"
        function = "受理、审查审批事项"
        authorisation = "编委批复"
        rules = ["限时办结制度"]
        seal = "行政审批专用章"

        """
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").filter { !$0.isNewline } + "\""
    }

    /// Comma-separated values (RFC 4180): quotes may hold commas and line ends.
    private static func rows(_ text: String) -> [[String]] {
        var (rows, row, field, isQuoted) = ([[String]](), [String](), "", false)
        var characters = text.makeIterator()
        var next = characters.next()
        while let character = next {
            next = characters.next()
            if isQuoted {
                if character == "\"", next == "\"" {
                    field.append("\"")
                    next = characters.next()
                } else if character == "\"" {
                    isQuoted = false
                } else {
                    field.append(character)
                }
            } else if character == "\"" {
                isQuoted = true
            } else if character == "," {
                row.append(field)
                field = ""
            } else if character.isNewline {
                rows.append(row + [field])
                (row, field) = ([], "")
            } else {
                field.append(character)
            }
        }
        return field.isEmpty && row.isEmpty ? rows : rows + [row + [field]]
    }
}
