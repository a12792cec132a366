import CSystemd
import Glibc

/// The journal of systemd, for entries with fields of their own (sd_journal_send(3)).
package enum Journal {
    /// Whether standard error is the journal; systemd says which file that is (systemd.exec(5), `JOURNAL_STREAM`).
    package static let isStandardError: Bool = {
        var entry = stat()
        guard let stream = getenv("JOURNAL_STREAM"), fstat(2, &entry) == 0 else { return false }
        return String(cString: stream) == "\(entry.st_dev):\(entry.st_ino)"
    }()

    /// Adds one entry.
    ///
    /// - Parameter fields: names in capitals, digits and `_`; values may hold anything, a field is not cut by what is in it.
    /// - Returns: whether the journal took it.
    package static func send(_ fields: [(name: String, value: String)]) -> Bool {
        let bytes = fields.map { Array("\($0.name)=\($0.value)".utf8) }
        let places = bytes.map { field in
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: field.count, alignment: 1)
            copy.copyBytes(from: field)
            return iovec(iov_base: copy.baseAddress, iov_len: field.count)
        }
        defer { for place in places { place.iov_base.deallocate() } }
        return sd_journal_sendv(places, Int32(places.count)) == 0
    }
}
