import CaseCore
import CasePages
import CaseWire

/// The parameters of a command as fields of a form: they come from what the command declares, with choices from the case and the catalogue.
struct ActionForm {
    let command: any ClientCommand.Type
    let file: JSONValue
    let people: DeskPeople
    let visit: Visit

    /// One field, or boxes of which several are ticked.
    struct Item {
        let field: Field?
        let boxes: Boxes?
    }

    struct Boxes {
        let boxesName, boxesLabel: String
        let boxesError: String?
        let boxesDescribedBy: String?
        let boxes: [Box]

        struct Box {
            let value, text: String
            let isTicked: Bool
        }
    }

    /// Those that are asked for: not the case, what every command can say beside, nor a signature, which has a part of its own.
    static func parameters(of command: any ClientCommand.Type) -> [Shape.Member] {
        let others = Set((Envelope.members.shapes + OwnSignature.members.shapes).map(\.name) + ["case"])
        return Method(command).parameters.filter { !others.contains($0.name) }
    }

    /// What an answer of a length counts; the first is chosen beforehand.
    static let units = ["working-days", "calendar-days", "working-hours", "hours"]
    /// The value of a choice that stands for nobody, or for none.
    private static let none = "-"
    /// The value of a box by itself.
    private static let yes = "yes"

    // MARK: Shown

    func items(_ form: Form) -> [Item] {
        ActionForm.parameters(of: command).flatMap { items($0, form) }
    }

    private func items(_ parameter: Shape.Member, _ form: Form) -> [Item] {
        let (words, name, hall) = (visit.deskWords, parameter.name, visit.words)
        let label = words.label(name, of: command.name)
        func item(_ field: Field) -> Item { Item(field: field, boxes: nil) }
        switch parameter.givenShape {
        case .list: return [Item(field: nil, boxes: boxes(name, label, form))]
        case .boolean:
            let box = Boxes.Box(value: ActionForm.yes, text: label, isTicked: form[name] == ActionForm.yes)
            return [
                Item(
                    field: nil,
                    boxes: Boxes(boxesName: name, boxesLabel: words.otherwise, boxesError: nil, boxesDescribedBy: nil, boxes: [box]))
            ]
        default: break
        }
        if case .length = parameter.givenShape {
            let unit = "\(name)-unit"
            var chosen = form
            if chosen[unit].isEmpty { chosen.set(unit, ActionForm.units[0]) }
            return [
                item(Field(name, label, form, hall, help: words.lengthHelp)),
                item(
                    Field(
                        unit, words.filled(words.unitOf, label), chosen, hall,
                        kind: .choice(ActionForm.units.map { ($0, visit.language.cell("unit", $0).replacing("-", with: " ")) }))),
            ]
        }
        if let choices = choices(parameter) {
            var chosen = form
            // Where there is one only, it is that.
            if chosen[name].isEmpty, choices.count == 1 { chosen.set(name, choices[0].value) }
            // The first of these is what the command does by itself.
            if chosen[name].isEmpty, parameter.isOptional, case .word = parameter.givenShape, command.name == OpenOrder.name {
                chosen.set(name, choices[0].value)
            }
            guard !choices.isEmpty else { return parameter.isOptional ? [] : [item(Field(name, label, form, hall))] }
            return [item(Field(name, label, chosen, hall, isRequired: !parameter.isOptional, kind: .choice(choices)))]
        }
        let isLong = parameter.byteLimit >= ByteLimit.prose
        return [item(Field(name, label, form, hall, isRequired: isRequired(parameter), kind: isLong ? .long : .line))]
    }

    /// What the law asks reasons for is no option, though the command could do without.
    private func isRequired(_ parameter: Shape.Member) -> Bool {
        !parameter.isOptional || command.name == Refuse.name
    }

    private func boxes(_ name: String, _ label: String, _ form: Form) -> Boxes {
        let ticked = Set(form.all(name))
        let documents = people.matter(file.cell("matter"))["documents"]?.array ?? []
        return Boxes(
            boxesName: name, boxesLabel: label, boxesError: form.error(name),
            boxesDescribedBy: form.error(name).map { _ in "\(name)-error" },
            boxes: documents.map { document in
                let id = document.cell("material") ?? ""
                return Boxes.Box(value: id, text: document.cell("name") ?? id, isTicked: ticked.contains(id))
            })
    }

    /// What can be answered; nil where that is free.
    private func choices(_ parameter: Shape.Member) -> [(value: String, text: String)]? {
        let (language, words) = (visit.language, visit.deskWords)
        func records(_ member: String, _ id: String, where isMeant: (JSONValue) -> Bool = { _ in true }, text: (JSONValue) -> String)
            -> [(value: String, text: String)]
        {
            (file[member]?.array ?? []).filter(isMeant).map { ($0.cell(id) ?? "", text($0)) }
        }
        switch (command.name, parameter.name) {
        case (_, "handler"): return people.officers(of: file.cell("office")) + [(ActionForm.none, words.nobodyHandles)]
        case (Examine.name, "step"):
            return records("steps", "step", where: { $0.cell("outcome") == nil }) { $0.cell("name") ?? "" }
        case (SettleFee.name, "material"): return records("fees", "material") { "\($0.cell("name") ?? "") \($0.cell("amount") ?? "")" }
        case (AskOpinion.name, "office"): return people.offices(besides: file.cell("office"))
        case (_, "office"):
            let offices = people.offices(besides: nil)
            return records("opinions", "office", where: { $0["answer"] == nil && $0.cell("withdrawn_at") == nil }) { opinion in
                let name = offices.first { $0.value == opinion.cell("office") }?.text ?? opinion.cell("office") ?? ""
                return "\(name): \(opinion.cell("question") ?? "")"
            }
        case (_, "order"):
            return records("orders", "order", where: { ["open", "answered"].contains($0.cell("state")) }) {
                "\($0.cell("order") ?? ""): \($0.cell("reason") ?? "")"
            }
        case (_, "draw"):
            let draws = file.texts("draws")
            return draws.isEmpty ? [] : draws.map { ($0, $0) } + [(ActionForm.none, words.noDraw)]
        case (Resume.name, "kind"):
            return records("suspensions", "kind") { language.cell("kind", $0.cell("kind") ?? "").replacing("-", with: " ") }
        default: break
        }
        guard case .word(let all) = parameter.givenShape else { return nil }
        let possible = parameter.name == "clock" ? [ClockKind.decision.rawValue] : all
        return possible.map { ($0, words.word($0, parameter.name, of: command.name, language)) }
    }

    // MARK: Taken

    /// What was typed, as the method takes it; says in the form what is missing.
    func members(_ form: inout Form) -> [JSONValue.Member] {
        let words = visit.deskWords
        return ActionForm.parameters(of: command).compactMap { parameter -> JSONValue.Member? in
            let name = parameter.name
            let label = words.label(name, of: command.name)
            if case .list = parameter.givenShape {
                let ticked = form.all(name).filter { !$0.isEmpty }
                if ticked.isEmpty { form.refuse(name, words.filled(words.tickOne, label)) }
                return .init(name, .array(ticked.map(JSONValue.string)))
            }
            let text = ActionForm.lines(form[name])
            guard !text.isEmpty else {
                if isRequired(parameter) {
                    form.refuse(name, words.filled(choices(parameter) == nil ? words.enter : words.choose, label))
                }
                return nil
            }
            switch parameter.givenShape {
            case .boolean: return text == ActionForm.yes ? .init(name, .bool(true)) : nil
            case .length:
                let unit = form["\(name)-unit"]
                return .init(name, .string("\(text) \(unit.isEmpty ? ActionForm.units[0] : unit)"))
            case .orNull where text == ActionForm.none: return .init(name, .null)
            case _ where text == ActionForm.none && parameter.isOptional: return nil
            default: return .init(name, .string(text))
            }
        }
    }

    /// Browsers send ends of lines as two characters each; they are kept as one.
    static func lines(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
            scalars.append(scalar)
        }
        return String(scalars)
    }
}
