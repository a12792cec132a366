import ArgumentParser
import CaseWire

/// The case that is looked at.
struct OneCase: ParsableArguments {
    @Argument(help: ArgumentHelp(Say.text("The case, such as C-17."), valueName: "case"), completion: Completion.cases)
    var id: String

    func validate() throws {
        try CaseName.require(id)
    }

    var member: JSONValue.Member {
        .init("case", .string(id))
    }
}

func text(_ name: String, _ value: String?) -> [JSONValue.Member] {
    value.map { [JSONValue.Member(name, .string($0))] } ?? []
}
