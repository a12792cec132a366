import CasePages

/// Rows under headings, each column as wide as its widest cell.
struct Table {
    /// The headings by which a caller knows the columns.
    private let names: [String]
    private let headings: [String]
    private var rows: [Row] = []
    private let isNumber: Set<Int>
    private let light: Int?
    /// Whether the first cell of each row says what the second one is.
    private let hasLabels: Bool

    private struct Row {
        var cells: [String]
        /// The light as the server names it, whatever the cell says.
        let light: String?
    }

    /// - Parameter numbers: the headings whose columns are set flush right.
    init(_ headings: [String], numbers: [String] = []) {
        names = headings
        self.headings = headings.map(Say.text)
        isNumber = Set(headings.indices.filter { numbers.contains(headings[$0]) })
        light = headings.firstIndex(of: "LIGHT")
        hasLabels = false
    }

    /// Facts about one thing, each behind its label.
    init(of kind: String, _ name: String) {
        names = [kind, name]
        headings = [Say.text(kind), name]
        (isNumber, light, hasLabels) = ([], nil, true)
    }

    /// Words of the trade are said in the reader's language, by the heading over them or the label before them.
    mutating func add(_ cells: [String?]) {
        let raw = cells
        var cells = cells
        if hasLabels {
            if let label = raw[0], cells.count > 1 { cells[1] = raw[1].map { Say.cell(label.replacing(" ", with: "_"), $0) } }
            cells[0] = raw[0].map(Say.label)
        } else {
            for (place, name) in names.enumerated() {
                cells[place] = raw[place].map { Say.cell(name.lowercased().replacing(" ", with: "_"), $0) }
            }
        }
        rows.append(Row(cells: cells.map { Terminal.plain($0 ?? "-") }, light: light.flatMap { raw[$0] }))
    }

    var text: String {
        lines.joined(separator: "\n")
    }

    // MARK: What fits

    /// What does not fit into so many columns is cut from the last cell of each row, as long as something of it is left.
    private(set) var columnLimit = Int.max

    /// Less than this says nothing.
    private static let leastCell = 10

    /// Columns by which a person works, which stay whatever the room.
    private static let kept: Set = ["CASE", "DUE", "TITLE"]

    /// The same within so many columns. What is the same in every row goes first and is said in the remark; then long cells are cut; then
    /// columns are left out from the right, and the remark names them.
    ///
    /// - Parameter mayDrop: whether columns may be left out; those that somebody asked for may not.
    func fitted(to columns: Int, mayDrop: Bool = false) -> (table: Table, remark: String) {
        var table = self
        table.columnLimit = columns
        var (same, left): ([String], [String]) = ([], [])
        func isKept(_ place: Int) -> Bool { Table.kept.contains(table.names[place]) }
        if mayDrop, rows.count > 1 {
            while table.leastWidth > columns,
                let place = table.names.indices.last(where: { !isKept($0) && table.isSame($0) })
            {
                same.append("\(table.headings[place]) \(table.rows[0].cells[place])")
                table = table.without(place)
            }
        }
        while table.leastWidth > columns,
            let (place, width) = table.widths.enumerated().filter({
                !isKept($0.offset) && !table.isNumber.contains($0.offset) && $0.offset != table.light
            }).max(by: { $0.element < $1.element }), width > Table.leastCell
        {
            let room = max(Table.leastCell, width - (table.leastWidth - columns))
            // What stands before the last column is cut; the last one gives way by itself.
            guard place != table.names.count - 1 else { break }
            for row in table.rows.indices { table.rows[row].cells[place] = Terminal.cut(table.rows[row].cells[place], to: room) }
            guard table.widths[place] < width else { break }
        }
        while mayDrop, table.leastWidth > columns, let place = table.names.indices.last(where: { !isKept($0) }) {
            left.append(table.headings[place])
            table = table.without(place)
        }
        let remarks =
            [
                same.isEmpty
                    ? nil : Say.fill("The same in every row: {}. -o wide has all.", same.reversed().joined(separator: Say.comma)),
                left.isEmpty
                    ? nil : Say.fill("Left out for want of room: {}. -o wide has all.", left.reversed().joined(separator: Say.comma)),
            ].compactMap { $0 }
        return (table, remarks.joined(separator: "\n"))
    }

    private var widths: [Int] {
        headings.indices.map { column in
            max(Terminal.width(headings[column]), rows.map { Terminal.width($0.cells[column]) }.max() ?? 0)
        }
    }

    /// How wide it is where its last cells are cut as far as they may be.
    private var leastWidth: Int {
        let widths = widths
        guard let last = widths.last else { return 0 }
        let end = isNumber.contains(widths.count - 1) ? last : min(last, 2 * Table.leastCell)
        return widths.dropLast().reduce(0) { $0 + $1 + 2 } + end
    }

    private func isSame(_ column: Int) -> Bool {
        rows.allSatisfy { $0.cells[column] == rows[0].cells[column] }
    }

    private func without(_ column: Int) -> Table {
        func rest<Value>(_ values: [Value]) -> [Value] { values.indices.filter { $0 != column }.map { values[$0] } }
        func moved(_ place: Int) -> Int? { place == column ? nil : place > column ? place - 1 : place }
        var table = Table(
            names: rest(names), headings: rest(headings), isNumber: Set(isNumber.compactMap(moved)), light: light.flatMap(moved),
            hasLabels: hasLabels)
        table.rows = rows.map { Row(cells: rest($0.cells), light: $0.light) }
        table.columnLimit = columnLimit
        return table
    }

    private init(names: [String], headings: [String], isNumber: Set<Int>, light: Int?, hasLabels: Bool) {
        (self.names, self.headings, self.isNumber, self.light, self.hasLabels) = (names, headings, isNumber, light, hasLabels)
    }

    // MARK: Lines

    var lines: [String] {
        var rows = [Row(cells: headings, light: nil)] + self.rows
        let widths = widths
        let room = columnLimit - widths.dropLast().reduce(0) { $0 + $1 + 2 }
        if let last = headings.indices.last, !isNumber.contains(last), room >= Table.leastCell, widths[last] > room {
            for row in rows.indices { rows[row].cells[last] = Terminal.cut(rows[row].cells[last], to: room) }
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.cells.enumerated() {
                let padding = String(repeating: " ", count: max(0, widths[column] - Terminal.width(cell)))
                let shown = column == light ? Terminal.light(cell, as: row.light ?? "") : cell
                line += isNumber.contains(column) ? padding + shown : shown + padding
                if column < row.cells.count - 1 { line += "  " }
            }
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
