import WorkingTime

/// A part of the place, or of the people, for whom a matter is there, such as a district. Each has a post of the matter's one office: whoever
/// acts for it handles what comes from there.
package enum Area {
    /// How many a matter has at most.
    package static let limit = 100
}

package typealias AreaID = Identifier<Area>

extension Terms {
    /// Refuses a submission that does not say from which of the matter's areas it is, or names another one.
    func requireArea(_ area: AreaID?) throws(Refusal) {
        let known = matter.areas.keys.sorted()
        guard let area else {
            if known.isEmpty { return }
            throw .areaMissing(known)
        }
        guard matter.areas[area] != nil else { throw .areaUnknown(area, known) }
    }
}

extension CaseFile {
    /// The officer who handles the case from its submission on: who acts for the post of its area that day. Nobody where something keeps them
    /// from examining it.
    func officerOfArea(under terms: Terms, at now: Instant) -> PersonID? {
        guard let post = origin.submission.area.flatMap({ terms.matter.areas[$0] }) else { return nil }
        let register = terms.register
        let officers = register.officers(of: assignment.office)
        // Whoever substitutes that day comes before the holder, who is away, and who handles it all the same where nobody of the office does.
        let acting = register.actors(for: post, on: terms.calendar.zone.day(of: now)).map(\.person).reversed()
        return (acting + [register.holder(of: post)].compactMap { $0 }).first { person in
            officers.contains(person) && hindrance(of: person, as: .office, in: register) == nil
        }
    }
}

extension Register {
    func areaViolations(of matter: Matter) -> [Violation] {
        let path = ["matter", matter.id.raw, "areas"]
        let places = matter.areas.sorted { $0.key < $1.key }.compactMap { area, id -> Violation? in
            guard let post = posts[id], post.office != matter.assignment.office, offices[matter.assignment.office] != nil else {
                return nil
            }
            return Violation(
                path: path, rule: .area,
                message: "area \(area) of \(matter.id) has \(id), which is no post of \(matter.assignment.office)",
                mend: "name a post of the matter's own office: one office examines a matter, wherever a case comes from",
                premises: [.key(["post", id.raw, "office"])])
        }
        guard matter.areas.count > Area.limit else { return places }
        return places + [
            Violation(
                path: path, rule: .area, message: "\(matter.id) has \(matter.areas.count) areas, and \(Area.limit) are allowed",
                mend: "let several of them be one")
        ]
    }
}
