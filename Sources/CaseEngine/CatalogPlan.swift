import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

/// What a new catalogue would change, against the newest version.
struct CatalogPlan {
    let catalog: Catalogue
    /// The number that it would have; the present one where nothing changes.
    let version: Int
    let changes: [Change]
    /// What running cases would notice, by matter.
    let impact: [Impact]
    private let old: Register

    struct Change {
        enum Kind: String { case added, changed, removed }
        let kind: Kind
        /// Such as `matter.building-permit`.
        let entry: String
    }

    struct Impact {
        let matter: MatterID
        let openCount: Int
        let isOrphaned: Bool
        let isRerouted: Bool
    }

    init(_ parameters: Parameters, _ context: Engine.Context) throws(WireError) {
        let present = context.catalogs.newestVersion
        if let expected = parameters.integer("if_version"), expected != Int64(present) {
            throw WireError(
                .conflict, kind: "catalog.version_conflict", "the newest catalogue is version \(present), not \(expected)",
                hint: "make the plan again")
        }
        var files: [String: String] = [:]
        for member in parameters.object("files")?.members ?? [] { files[member.name] = member.value.string }
        do {
            catalog = try Catalogue(files: files)
        } catch {
            throw WireError(
                .ruleRefused, kind: "catalog.refused", "the catalogue breaks \(error.findings.count) rules",
                details: .object([
                    .init("findings", .array(error.findings.map { .string($0.description) }))
                ]), hint: error.findings.first?.description)
        }
        old = context.catalogs.newest
        changes = CatalogPlan.changes(from: old, to: catalog.register)
        version = changes.isEmpty ? present : present + 1
        do {
            impact = try CatalogPlan.impact(from: old, to: catalog.register, context.store)
        } catch {
            throw WireError(.internalError, "the running cases could not be counted")
        }
    }

    var orphans: [String] {
        impact.filter(\.isOrphaned).map { "\($0.matter) (\($0.openCount))" }
    }

    func moves(_ matter: MatterID) -> Bool {
        impact.contains { $0.matter == matter && $0.isRerouted }
    }

    var result: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("version", version)
                writer.key("changes")
                writer.array(of: changes) { writer, change in
                    writer.object {
                        $0.member("change", change.kind.rawValue)
                        $0.member("entry", change.entry)
                    }
                }
                writer.key("impact")
                writer.array(of: impact) { writer, impact in
                    writer.object {
                        $0.member("matter", impact.matter.raw)
                        $0.member("open", impact.openCount)
                        $0.member("rerouted", impact.isRerouted)
                        $0.member("orphaned", impact.isOrphaned)
                    }
                }
            }
        }
    }

    private static func changes(from old: Register, to new: Register) -> [Change] {
        func compare<Kind, Value: Equatable>(
            _ kind: String, _ old: [Identifier<Kind>: Value], _ new: [Identifier<Kind>: Value]
        ) -> [Change] {
            Set(old.keys).union(new.keys).sorted().compactMap { id in
                guard old[id] != new[id] else { return nil }
                return Change(kind: old[id] == nil ? .added : new[id] == nil ? .removed : .changed, entry: "\(kind).\(id)")
            }
        }
        return compare("department", old.departments, new.departments) + compare("office", old.offices, new.offices)
            + compare("post", old.posts, new.posts) + compare("person", old.persons, new.persons)
            + compare("service", old.services, new.services) + compare("user", old.users, new.users)
            + compare("matter", old.matters, new.matters)
            + compare("sla", old.policies, new.policies) + compare("calendar", old.calendars, new.calendars)
    }

    private static func impact(from old: Register, to new: Register, _ store: any CaseStore) throws -> [Impact] {
        try store.read { snapshot in
            try old.matters.values.sorted { $0.id < $1.id }.compactMap { matter in
                let successor = new.matters[matter.id]
                guard successor != matter else { return nil }
                var filter = CaseFilter(now: Instant(milliseconds: 0))
                filter.matter = matter.id
                let open = try State.allCases.filter(\.isOpen).reduce(0) { sum, state in
                    filter.state = state
                    return try sum + snapshot.count(filter)
                }
                guard open > 0 else { return nil }
                return Impact(
                    matter: matter.id, openCount: open, isOrphaned: successor == nil,
                    isRerouted: successor.map { $0.assignment != matter.assignment } ?? false)
            }
        }
    }
}
