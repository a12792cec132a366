import CaseCore
import WorkingTime

/// The parameters of a request that is no command, checked against what its method declares: nothing unknown, nothing missing, each in its form.
package struct Parameters: Sendable {
    private let value: JSONValue

    package init(_ value: JSONValue?, of method: Method) throws(WireError) {
        self.value = try Parameters.object(value)
        if case .administration(let administration) = method, self.value["dry_run"] != nil { try administration.requireDryRun() }
        try Parameters.requireSizes(self.value, method.parameters)
        do { try Shape.object(method.parameters).check(self.value) } catch { throw WireError(error) }
    }

    /// What a request gives as its parameters: an object, none where it gives nothing.
    static func object(_ value: JSONValue?) throws(WireError) -> JSONValue {
        let value = value ?? .object([])
        guard value.members != nil else { throw WireError(.invalidParams, "parameters are an object, not \(value.typeName)") }
        return value
    }

    /// Refuses a parameter that says more than its method takes.
    ///
    /// - Returns: how much all say.
    @discardableResult
    static func requireSizes(_ value: JSONValue, _ parameters: [Shape.Member]) throws(WireError) -> Int {
        var sum = 0
        for given in value.members ?? [] {
            let byteCount = given.value.byteCount
            sum += byteCount
            if let parameter = parameters.first(where: { $0.name == given.name }), byteCount > parameter.byteLimit {
                throw .tooLong(given.name, byteCount, limit: parameter.byteLimit)
            }
        }
        return sum
    }

    /// As it was given.
    package var all: JSONValue {
        value
    }

    // Access after the check: what is there has its form.

    package func text(_ name: String) -> String? {
        value[name]?.string
    }

    package func integer(_ name: String) -> Int64? {
        value[name]?.integer
    }

    package func caseID() -> CaseID? {
        text("case").flatMap { CaseID($0) }
    }

    package func instant(_ name: String) -> Instant? {
        text(name).flatMap { Instant($0) }
    }

    /// An instant as it is written, or the beginning of a day in a zone.
    package func instant(_ name: String, in zone: Zone) -> Instant? {
        instant(name) ?? day(name).map { zone.instant(on: $0, timeOfDay: 0) }
    }

    package func day(_ name: String) -> Day? {
        text(name).flatMap { Day($0) }
    }

    package func boolean(_ name: String) -> Bool? {
        value[name]?.bool
    }

    package func length(_ name: String) -> Length? {
        text(name).flatMap { try? Length(parsing: $0) }
    }

    package func object(_ name: String) -> JSONValue? {
        value[name]
    }
}

extension JSONValue {
    /// All members but some, as written: what an idempotency key stands for, and what goes on record of a reading.
    package func contentBytes(without names: String...) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                for member in members ?? [] where !names.contains(member.name) {
                    writer.key(member.name)
                    writer.value(member.value)
                }
            }
        }
    }
}
