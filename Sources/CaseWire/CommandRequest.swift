import CaseCore

/// A command as a client gives it, read once: which case it is about, and what every command can say beside it.
package struct CommandRequest: Sendable {
    package let command: any ClientCommand
    /// Nil where it opens a case.
    package let file: CaseID?
    package let envelope: Envelope
    /// Its parameters as they were given, and how much they say, see `Datum.byteCount`.
    package let parameters: JSONValue
    package let byteCount: Int

    package init(_ value: JSONValue?, of command: any ClientCommand.Type) throws(WireError) {
        let value = try Parameters.object(value)
        let members = Method(command).parameters
        let sum = try Parameters.requireSizes(value, members)
        do {
            try Shape.object(members).requireKnownNames(value)
            file = try command.subject.file(in: value)
            self.command = try command.init(from: value)
            envelope = try Envelope(from: value)
        } catch {
            throw WireError(error)
        }
        // A dry run is as large as what it is about.
        byteCount = sum - (value["dry_run"]?.byteCount ?? 0)
        parameters = value
    }

    /// What it asks for, whatever the order, the nulls and the written defaults in its text: equal requests have equal bytes. Its key is no
    /// part of it, nor is whether it is a dry run.
    package var meaningBytes: [UInt8] {
        JSONWriter.bytes(orderingNames: true) { writer in
            writer.array { writer in
                writer.value(file)
                writer.value(envelope.expectedRevision)
                writer.value(envelope.acting)
                writer.value(command)
            }
        }
    }
}
