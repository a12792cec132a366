import CaseCore
import CaseStore
import WorkingTime

// Figures, and the catalogue.

extension BatchWriter {
    private static func kinds(_ keys: [RollupKey]) -> [Parameter] {
        [
            .integers(keys.map { Int64($0.day.number) }), .texts(keys.map(\.matter.raw)), .texts(keys.map(\.assignment.office.raw)),
            .texts(keys.map(\.assignment.leader.raw)), .texts(keys.map(\.assignment.commissioner.raw)),
        ]
    }

    private static let measures = Measure.allCases.map(\.rawValue)

    mutating func writeRollups() {
        let rows = Array(batch.rollups)
        guard !rows.isEmpty else { return }
        let names = BatchWriter.measures
        add(
            """
            INSERT INTO rollups (day, matter, office, leader, commissioner, \(names.joined(separator: ", ")))
                SELECT * FROM unnest(\((1...names.count + 5).map { "$\($0)" }.joined(separator: ", ")))
            ON CONFLICT (day, matter, office, leader, commissioner) DO UPDATE
                SET \(names.map { "\($0) = rollups.\($0) + excluded.\($0)" }.joined(separator: ", "))
            """,
            values: BatchWriter.kinds(rows.map(\.key))
                + names.indices.map { place in .integers(rows.map { Int64($0.value.counts[place]) }) })
        for (table, part) in [("handling", \Rollup.handling), ("net_handling", \.netHandling)] {
            let days = rows.flatMap { key, rollup in rollup[keyPath: part].map { (key: key, days: $0.key, count: $0.value) } }
            guard !days.isEmpty else { continue }
            add(
                """
                INSERT INTO \(table) (day, matter, office, leader, commissioner, working_days, count)
                    SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (day, matter, office, leader, commissioner, working_days) DO UPDATE
                    SET count = \(table).count + excluded.count
                """,
                values: BatchWriter.kinds(days.map(\.key)) + [
                    .integers(days.map { Int64($0.days) }), .integers(days.map { Int64($0.count) }),
                ])
        }
    }

    mutating func write(_ catalog: StoredCatalog) {
        add(
            "INSERT INTO catalogs (version, at, by, zones) VALUES ($1, $2, $3, $4)", .integer(Int64(catalog.version)),
            .integer(catalog.at.milliseconds), .text(catalog.by), .text(catalog.zones))
        let files = catalog.files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        add(
            """
            INSERT INTO catalog_files (version, name, text)
                SELECT $1, name, text FROM unnest($2, $3) WITH ORDINALITY AS f (name, text, number) ORDER BY number
            """, .integer(Int64(catalog.version)), .texts(files.map(\.key)), .texts(files.map(\.value)))
    }
}
