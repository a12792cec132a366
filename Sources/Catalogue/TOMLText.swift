/// Reads TOML 1.0, in one walk over the text.
///
/// What no catalogue needs is refused as well: values in values more than 32 deep, years before 1, fractions of more than nine digits, exponents
/// of more than three, and NUL.
package enum TOMLText {
    /// Why a text cannot be read, and where.
    package struct Unreadable: Error {
        /// From 1.
        package let line: Int
        package let message: String
        package let mend: String
    }

    package static func table(_ text: String) throws(Unreadable) -> TOMLTable {
        let reading = reading(text, kinds: [])
        if let fault = reading.faults.first { throw fault }
        return reading.table
    }

    /// A character of which nothing is left to be guessed, and that no terminal takes for a command.
    static func name(_ scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .surrogate, .unassigned:
            "U+\(String(scalar.value, radix: 16, uppercase: true))"
        default: String(scalar)
        }
    }

    /// A key as it is said in a sentence: what of it cannot be seen is named, and the plain spaces in it stay.
    static func shown(_ key: String) -> String {
        key.unicodeScalars.map { $0 == " " ? " " : name($0) }.joined()
    }

    /// What a text with faults says besides them.
    struct Reading {
        var table = TOMLTable([:])
        var faults: [Unreadable] = []
        /// Entries of which something was passed over, by kind and name.
        var damaged: [[String]] = []
        /// The texts that were passed over.
        var lost: [String] = []

        /// Faults of one text that are looked for; what follows the last one is passed over.
        static let faultLimit = 100
    }

    /// Reads on behind a fault from the next heading of an entry of one of these kinds.
    static func reading(_ text: String, kinds: Set<String>) -> Reading {
        var reader = TOMLReader(text)
        return reader.read(kinds: kinds)
    }
}
