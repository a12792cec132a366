/// The tables of a TOML text in the making. What is declared twice, or as two kinds, is refused.
final class TOMLTree {
    /// By what a table was declared: what may come to it later depends on that.
    enum Origin {
        /// A heading of a table below it.
        case above
        case heading
        /// A dotted key.
        case dots
    }

    /// Why something cannot stand where it does.
    struct Refused: Error {
        let message: String
        let mend: String
    }

    private enum Item {
        case value(TOMLValue)
        case table(TOMLTree)
        /// `[[name]]`, as often as it stands.
        case list(List)
    }

    private final class List {
        var elements: [TOMLTree] = []
    }

    private var origin: Origin
    private var items: [String: Item] = [:]

    init(_ origin: Origin = .heading) {
        self.origin = origin
    }

    /// The table under a heading `[a.b]`, seen from the root.
    func table(at path: [String]) throws(Refused) -> TOMLTree {
        let above = try above(path)
        switch above.items[path.last!] {
        case nil:
            let table = TOMLTree()
            above.items[path.last!] = .table(table)
            return table
        case .table(let table)? where table.origin == .above:
            table.origin = .heading
            return table
        default: throw TOMLTree.twice(path)
        }
    }

    /// The next table of a list under a heading `[[a.b]]`, seen from the root.
    func element(at path: [String]) throws(Refused) -> TOMLTree {
        let above = try above(path)
        let element = TOMLTree()
        switch above.items[path.last!] {
        case nil:
            let list = List()
            list.elements = [element]
            above.items[path.last!] = .list(list)
        case .list(let list)?: list.elements.append(element)
        default: throw TOMLTree.twice(path)
        }
        return element
    }

    /// A pair `a.b = value` below this table.
    func put(_ value: TOMLValue, at path: [String]) throws(Refused) {
        var table = self
        for key in path.dropLast() {
            switch table.items[key] {
            case nil:
                let next = TOMLTree(.dots)
                table.items[key] = .table(next)
                table = next
            case .table(let next)? where next.origin != .heading:
                next.origin = .dots
                table = next
            default: throw TOMLTree.twice(path)
            }
        }
        guard table.items[path.last!] == nil else { throw TOMLTree.twice(path) }
        table.items[path.last!] = .value(value)
    }

    var whole: TOMLTable {
        TOMLTable(
            items.mapValues { item in
                switch item {
                case .value(let value): value
                case .table(let table): .table(table.whole)
                case .list(let list): .array(list.elements.map { .table($0.whole) })
                }
            })
    }

    /// What the last part of a path is put into; of a list its last table.
    private func above(_ path: [String]) throws(Refused) -> TOMLTree {
        var table = self
        for key in path.dropLast() {
            switch table.items[key] {
            case nil:
                let next = TOMLTree(.above)
                table.items[key] = .table(next)
                table = next
            case .table(let next)?: table = next
            case .list(let list)?: table = list.elements.last!
            case .value?: throw Refused(message: "\(TOMLText.shown(key)) is a value, and no table", mend: "give one of them another name")
            }
        }
        return table
    }

    private static func twice(_ path: [String]) -> Refused {
        Refused(message: "\(path.map(TOMLText.shown).joined(separator: ".")) is declared twice", mend: "keep one")
    }
}
