/// What a matter has to say of the offices whose opinion may be asked.
extension Register {
    func opinionViolations(of matter: Matter) -> [Violation] {
        matter.consulted.map(\.office).filter { offices[$0] != nil }.flatMap { office -> [Violation] in
            func violation(_ message: String, mend: String, premises: [Violation.Premise] = []) -> Violation {
                Violation(path: ["matter", matter.id.raw, "opinion"], rule: .opinion, message: message, mend: mend, premises: premises)
            }
            if office == matter.assignment.office {
                return [violation("\(matter.id) asks \(office), which examines it, for an opinion", mend: "name another office")]
            }
            guard officers(of: office).isEmpty else { return [] }
            return [
                violation(
                    "\(matter.id) asks \(office), where nobody is, for an opinion",
                    mend: "give a post with office = \"\(office)\" a holder",
                    premises: [.unnamed(kind: "post", keys: ["office", "holder"], name: office.raw)])
            ]
        }
    }
}
