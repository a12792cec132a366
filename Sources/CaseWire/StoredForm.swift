import CaseCore

// Events and cases as the journal and the store keep them: one deterministic JSON text each, without a line feed.

/// A stored text does not have the form that this version, or one before it, wrote: a fault, never an answer to a client.
package struct StoredFormFault: Error, CustomStringConvertible {
    package let description: String

    init(_ mismatch: Mismatch) {
        description = "stored text: \(mismatch.path ?? "the whole") \(mismatch.problem)"
    }
}

extension Represented {
    fileprivate init(stored value: JSONValue) throws(StoredFormFault) {
        do { try self.init(from: value) } catch { throw StoredFormFault(error) }
    }
}

extension Event {
    /// The journal keeps exactly these.
    package var canonicalBytes: [UInt8] {
        JSONWriter.bytes { $0.value(self) }
    }

    package init(canonicalBytes bytes: some Collection<UInt8>) throws {
        try self.init(stored: try JSONReader.read(bytes))
    }
}

extension CaseFile {
    package var storedBytes: [UInt8] {
        JSONWriter.bytes { $0.value(self) }
    }

    package init(storedBytes bytes: some Collection<UInt8>) throws {
        self = try CaseFile.stored(bytes).file
    }

    /// A case as it is stored, by its first event where that is all, and whether that is all of it: older versions did not keep
    /// who had to do with a case, nor who decided it, which its journal says.
    package static func stored(_ bytes: some Collection<UInt8>) throws -> (file: CaseFile, isWhole: Bool) {
        let value = try JSONReader.read(bytes)
        if value["event"] != nil {
            guard let file = CaseFile(try Event(stored: value)) else {
                throw StoredFormFault(Mismatch("is no submission").at("event"))
            }
            return (file, true)
        }
        return (try CaseFile(stored: value), value["approvers"] != nil)
    }
}
