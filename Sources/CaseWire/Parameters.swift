import CaseCore
import WorkingTime

/// The parameters of one request, checked against their method's table: nothing unknown, nothing missing, each in its form.
package struct Parameters: Sendable {
    private let value: JSONValue

    package init(_ value: JSONValue?, of method: Method) throws(WireError) {
        let value = value ?? .object([])
        guard value.members != nil else {
            throw WireError(.invalidParams, "parameters are an object, not \(value.typeName)")
        }
        try Parameters.check(value, method.parameters, path: "")
        self.value = value
    }

    private static func check(_ object: JSONValue, _ parameters: [Method.Parameter], path: String) throws(WireError) {
        for member in object.members ?? [] {
            guard let parameter = parameters.first(where: { $0.name == member.name }) else {
                throw .parameter(
                    path + member.name, "is unknown",
                    hint: "it takes \(parameters.map(\.name).joined(separator: ", "))")
            }
            // A null stands for a parameter that is left out, unless it has a meaning of its own.
            if member.value.isNull, !parameter.isRequired { continue }
            try check(member.value, parameter.form, path: path + member.name)
        }
        for parameter in parameters where parameter.isRequired && object[parameter.name] == nil {
            throw .parameter(path + parameter.name, "is missing", hint: parameter.summary)
        }
    }

    private static func check(_ value: JSONValue, _ form: Method.Form, path: String) throws(WireError) {
        func mismatch(_ expected: String) -> WireError {
            .parameter(path, "is \(value.typeName), not \(expected)", hint: nil)
        }
        switch form {
        case .text: if value.string == nil { throw mismatch("a string") }
        case .integer: if value.integer == nil { throw mismatch("a whole number") }
        case .boolean: if value.bool == nil { throw mismatch("true or false") }
        case .caseID:
            guard let text = value.string else { throw mismatch("a case id") }
            if CaseID(text) == nil { throw .parameter(path, "is no case id", hint: "write C-17") }
        case .orderID:
            guard let text = value.string else { throw mismatch("an order") }
            if OrderID(text) == nil { throw .parameter(path, "is no order", hint: "write O-17-1") }
        case .instant:
            guard let text = value.string else { throw mismatch("an instant") }
            if Instant(text) == nil {
                throw .parameter(path, "is no instant", hint: "write it as in RFC 3339, such as 2026-11-22T09:00:00Z")
            }
        case .day:
            guard let text = value.string else { throw mismatch("a day") }
            if Day(text) == nil { throw .parameter(path, "is no day", hint: "write it as in 2026-11-22") }
        case .dayOrInstant:
            guard let text = value.string else { throw mismatch("a day or an instant") }
            if Day(text) == nil, Instant(text) == nil {
                throw .parameter(path, "is neither a day nor an instant", hint: "write 2026-11-22 or 2026-11-22T09:00:00Z")
            }
        case .length:
            guard let text = value.string else {
                throw .parameter(
                    path, "is \(value.typeName), not a length of time", hint: "write it with its unit, such as \"20 working-days\"")
            }
            do { _ = try Length(parsing: text) } catch { throw .parameter(path, "is no length of time", hint: error.description) }
        case .word(let words):
            guard let text = value.string else { throw mismatch("a word") }
            if !words.contains(text) { throw .parameter(path, "is none of its words", hint: "one of \(words.joined(separator: ", "))") }
        case .orNull(let form): if !value.isNull { try check(value, form, path: path) }
        case .list(let form):
            guard let values = value.array else { throw mismatch("an array") }
            for (place, value) in values.enumerated() { try check(value, form, path: "\(path)[\(place)]") }
        case .material:
            if value.string != nil { return }
            guard value.members != nil else { throw mismatch("a material") }
            try check(
                value,
                [
                    Method.Parameter(name: "id", form: .text, isRequired: true, summary: "the material's id"),
                    Method.Parameter(name: "sha256", form: .text, isRequired: false, summary: "its digest"),
                    Method.Parameter(name: "uri", form: .text, isRequired: false, summary: "where it is kept"),
                ], path: path + ".")
        case .object(let parameters):
            guard value.members != nil else { throw mismatch("an object") }
            try check(value, parameters, path: path + ".")
        case .texts:
            guard let members = value.members else { throw mismatch("an object of strings") }
            for member in members where member.value.string == nil {
                throw .parameter("\(path).\(member.name)", "is \(member.value.typeName), not a string", hint: nil)
            }
        }
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

    /// The case that is meant, by its id or by one of its orders.
    package func caseID() -> CaseID? {
        text("case").flatMap { CaseID($0) } ?? orderID?.file
    }

    package var orderID: OrderID? {
        text("order").flatMap { OrderID($0) }
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

    /// All but the given ones, as written: what an idempotency key stands for.
    package func contentBytes(without names: Set<String>) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                for member in value.members ?? [] where !names.contains(member.name) {
                    writer.key(member.name)
                    writer.value(member.value)
                }
            }
        }
    }

    /// The input of a mutation other than `case.submit`; nil for other methods.
    package func input(of method: Method) -> Input? {
        switch method {
        case .accept: .accept
        case .requestCorrection:
            .requestCorrection(
                missing: (value["missing"]?.array ?? []).compactMap(\.string).map { MaterialID($0) }, note: text("note") ?? "")
        case .correct: .correct(materials: materials, note: text("note") ?? "")
        case .decline: .decline(ground: text("ground") ?? "", competent: text("competent"))
        case .assign: .assign(text("handler").map { PersonID($0) })
        case .suspend:
            .suspend(
                text("kind").flatMap { Suspension.Kind(rawValue: $0) }!, basis: text("basis")!, expected: length("expected")!,
                note: text("note") ?? "")
        case .resume: .resume(text("kind").flatMap { Suspension.Kind(rawValue: $0) })
        case .extend: .extend(text("clock").flatMap { ClockKind(rawValue: $0) }!, by: length("by")!, reason: text("reason")!)
        case .recommend:
            .recommend(text("recommendation").flatMap { Recommendation(rawValue: $0) }!, opinion: text("opinion")!)
        case .return: .return(reason: text("reason")!)
        case .grant: .grant(reasons: text("reasons") ?? "")
        case .refuse: .refuse(reasons: text("reasons")!)
        case .withdraw: .withdraw(reason: text("reason") ?? "")
        case .deliver: .deliver(how: text("how")!)
        case .note: .note(text("text")!)
        case .escalate: .escalate(reason: text("reason")!)
        case .recuse: .recuse(reason: text("reason")!)
        case .inspect:
            .inspect(text("outcome").flatMap { Inspection.Outcome(rawValue: $0) }!, finding: text("finding")!, draw: text("draw"))
        case .orderOpen:
            .openOrder(
                reason: text("reason")!, to: text("to").flatMap { SupervisionOrder.Recipient(rawValue: $0) } ?? .handler,
                due: length("due")!)
        case .orderAnswer: .answerOrder(orderID!.number, answer: text("answer")!)
        case .orderClose: .closeOrder(orderID!.number, finding: text("finding")!)
        case .submit, .serverInfo, .get, .list, .count, .history, .explain, .sample, .watch, .watchStop, .orderList, .noticeList,
            .catalogGet, .catalogDutyList,
            .powers,
            .proof,
            .catalogPlan, .catalogApply, .calendarDue, .calendarMeasure, .calendarShow, .slaReport, .clockAdvance,
            .catalogCancel, .clockConfirm, .serverStatus, .serverHistory, .backupMake, .backupRead, .discover:
            nil
        }
    }

    /// The content of `case.submit`.
    package var submission: Submission {
        Submission(
            matter: MatterID(text("matter") ?? ""), title: text("title") ?? "",
            applicant: Applicant(id: value["applicant"]?["id"]?.string ?? "", name: value["applicant"]?["name"]?.string ?? ""),
            materials: materials,
            fields: (value["fields"]?.members ?? []).map { Field(name: $0.name, value: $0.value.string ?? "") },
            channel: text("channel") ?? "online")
    }

    private var materials: [SubmittedMaterial] {
        (value["materials"]?.array ?? []).map {
            SubmittedMaterial(
                id: MaterialID($0.string ?? $0["id"]?.string ?? ""), sha256: $0["sha256"]?.string, uri: $0["uri"]?.string)
        }
    }
}
