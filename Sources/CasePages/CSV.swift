/// Comma-separated values by RFC 4180.
package enum CSV {
    /// - Parameter isRaw: whether texts stay that a spreadsheet would take for formulas.
    package static func row(_ fields: [String], isRaw: Bool = false) -> String {
        fields.map { Escaped.csv(isRaw ? $0 : Escaped.formula($0)) }.joined(separator: ",") + "\r\n"
    }
}
