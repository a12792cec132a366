import CaseCore
import WorkingTime

// JSON as the text in which the core's values are read and written.

extension JSONValue: Source {
    package var isObject: Bool {
        members != nil
    }

    package func forEachMember(_ body: (_ name: String, _ value: JSONValue) throws(Mismatch) -> Void) throws(Mismatch) {
        for member in members ?? [] { try body(member.name, member.value) }
    }
}

extension JSONWriter: Sink {}

extension JSONWriter {
    package mutating func value(_ value: some Represented) {
        value.write(to: &self)
    }
}
