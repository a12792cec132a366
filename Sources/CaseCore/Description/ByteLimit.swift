/// How many bytes a client may give for one parameter, names and values in it included. What was recorded before there were limits stays
/// readable.
package enum ByteLimit {
    /// What something or somebody is called.
    package static let name = 1 << 10
    /// What is written for others to read, and lists of names.
    package static let prose = 1 << 16
    /// Further data of a case, all together.
    package static let fields = 1 << 18
    /// The conditions of a filter.
    package static let filter = 1 << 12
    /// All files of a catalogue.
    package static let catalogue = 1 << 20
}

extension Datum {
    /// How much it says: the bytes of its texts in UTF-8, its names and numbers, and one for each element beside.
    package var byteCount: Int {
        switch self {
        case .null, .bool: 1
        case .number(let literal): literal.utf8.count
        case .string(let text): text.utf8.count
        case .array(let elements): elements.reduce(0) { $0 + $1.byteCount + 1 }
        case .object(let members): members.reduce(0) { $0 + $1.name.utf8.count + $1.value.byteCount + 1 }
        }
    }
}
