import CaseCore

/// A JSON text as a value. Numbers keep their literal, objects the order of their members.
public typealias JSONValue = Datum
