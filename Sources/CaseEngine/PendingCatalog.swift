import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

/// A catalogue that was applied for a later day: a reorganisation that is decided and has not begun. Until then the present one
/// holds for everybody.
package struct PendingCatalog: Sendable, Equatable {
    package let effectiveAt: Instant
    package let author: CatalogAuthor
    /// Who changed something at once that became a part of it: they are not the second to agree to it.
    let contributors: [CatalogAuthor]
    /// Who agreed to the parts that it will give; nil where nobody has.
    package internal(set) var confirmer: CatalogAuthor?
    /// What was asked for, as `catalog.apply` takes it.
    let parameters: JSONValue
    /// Whether unix users that it does not bind itself stay bound as they are on its day.
    let keepsUsers: Bool
    /// Why it could not take effect at its time; it is tried again.
    package internal(set) var obstacle: String?

    static let settingName = "pending-catalog"

    init(
        effectiveAt: Instant, author: CatalogAuthor, contributors: [CatalogAuthor] = [], confirmer: CatalogAuthor? = nil,
        parameters: JSONValue, keepsUsers: Bool
    ) {
        self.effectiveAt = effectiveAt
        self.author = author
        self.contributors = contributors
        self.confirmer = confirmer
        self.parameters = parameters
        self.keepsUsers = keepsUsers
    }

    var files: [String: String] {
        Dictionary((parameters["files"]?.members ?? []).map { ($0.name, $0.value.string ?? "") }) { $1 }
    }

    /// Whether somebody could be the second to agree to it, as far as that can be told before what it gives is looked at.
    func waits(for principal: Principal, besides unconfirmed: Unconfirmed?, _ register: Register) -> Bool {
        let authors = [author] + contributors + (unconfirmed?.versions.map(\.author) ?? [])
        return confirmer == nil && register.confirms(principal) && !authors.contains { $0.isSame(as: principal) }
    }

    /// As the server's history says it.
    var waiting: ServerChange.WaitingCatalog {
        ServerChange.WaitingCatalog(digest: CatalogDigest.of(files), isConfirmed: confirmer != nil)
    }

    /// The catalogue that it becomes.
    ///
    /// - Parameter counting: whose unix users stay bound. Where somebody agreed to it, what counts: nobody agreed to more.
    /// - Throws: what it breaks together with them.
    func catalog(keepingUsersOf counting: Register, isStored: Bool = false) throws(Catalogue.Refused) -> Catalogue {
        let catalog = try Catalogue(files: files, isStored: isStored)
        return keepsUsers ? try catalog.keepingUsers(of: counting, besidesItsOwn: true) : catalog
    }

    /// With a plan that is applied at once in the meantime.
    ///
    /// - Parameter before: the files of the newest version.
    func following(
        _ plan: CatalogPlan, from before: [String: String], by other: CatalogAuthor, at now: Instant
    ) throws(WireError) -> PendingCatalog {
        if let day = plan.catalog.register.effectiveAt, day > now {
            throw WireError(
                .ruleRefused, kind: "catalog.pending", "a catalogue waits for \(effectiveAt), applied by \(author.name)",
                hint: "casectl catalog cancel gives it up")
        }
        var after = plan.givenFiles
        // Who binds no unix user changes no file that does.
        if plan.keepsUsers {
            for (name, text) in before where after[name] == nil && Catalogue.withoutUsers(text) != text { after[name] = text }
        }
        return try following(from: before, to: after, by: other, counting: plan.inForce)
    }

    /// With what is changed at once in the meantime: each entry is that of the one that changed it. Unix users that it does not bind itself stay
    /// bound, and are no part of it.
    ///
    /// Who agreed to it did so before: where it gives somebody a part by the change, that is asked for again.
    ///
    /// - Parameters:
    ///   - before: the files of the newest version.
    ///   - after: those of the one that takes its place now.
    ///   - other: who changes it.
    ///   - counting: what counts of the newest version.
    /// - Throws: where both change an entry, or the result is no catalogue.
    private func following(
        from before: [String: String], to after: [String: String], by other: CatalogAuthor, counting: Register
    ) throws(WireError) -> PendingCatalog {
        var merged: [String: String] = [:]
        let own = files
        for name in Set(before.keys).union(after.keys).union(own.keys).sorted() {
            switch (before[name], after[name], own[name]) {
            case (let old, let new, let pending) where new == old || new == pending: merged[name] = pending
            case (let old, let new, let pending) where pending == old: merged[name] = new
            case (let old?, let new?, nil) where keepsUsers && Catalogue.withoutUsers(old) == Catalogue.withoutUsers(new): break
            case (let old, let new, let pending):
                do throws(CatalogueMerge.Conflict) {
                    merged[name] = try CatalogueMerge.merge(pending ?? "", from: old ?? "", to: new ?? "")
                } catch {
                    throw conflict(in: name, error)
                }
            }
        }
        guard merged != own else { return self }
        let members = (parameters.members ?? []).filter { $0.name != "files" && $0.name != "if_version" }
        let isNew = other != author && !contributors.contains(other)
        var pending = PendingCatalog(
            effectiveAt: effectiveAt, author: author, contributors: contributors + (isNew ? [other] : []), confirmer: nil,
            parameters: .object(
                members + [.init("files", .object(merged.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }))]),
            keepsUsers: keepsUsers)
        do throws(Catalogue.Refused) {
            let catalog = try pending.catalog(keepingUsersOf: counting)
            let promised = try self.catalog(keepingUsersOf: counting, isStored: true)
            let isPromised = catalog.register.inForce(after: promised.register).appointments(to: catalog.register).isEmpty
            if isPromised { pending.confirmer = confirmer }
        } catch {
            throw WireError(
                .ruleRefused, kind: "catalog.pending",
                error.message("together with the change, the catalogue that waits for \(effectiveAt)"),
                details: .object([.init("findings", .array(error.findings.lines.map { .string($0) }))]),
                hint: error.findings.first?.description)
        }
        return pending
    }

    private func conflict(in file: String, _ conflict: CatalogueMerge.Conflict) -> WireError {
        let what = conflict.entries.map { $0.isEmpty ? "what stands before the first table" : $0 }.joined(separator: ", ")
        return WireError(
            .ruleRefused, kind: "catalog.pending",
            "\(file): \(what.isEmpty ? "" : "\(what) ")is changed, and the catalogue that waits for \(effectiveAt) changes it too",
            hint:
                "what is changed is taken over entry by entry: casectl catalog cancel gives that one up, to apply it anew with the change in it"
        )
    }

    /// As the store keeps it; empty where there is none.
    static func setting(_ pending: PendingCatalog?) -> String {
        guard let pending else { return "" }
        return String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.member("effective", pending.effectiveAt)
                    pending.author.write(to: &writer)
                    writer.key("contributors")
                    writer.array(of: pending.contributors) { writer, other in writer.object { other.write(to: &$0) } }
                    writer.member("keeps_users", pending.keepsUsers)
                    if let confirmer = pending.confirmer {
                        writer.key("confirmer")
                        writer.object { confirmer.write(to: &$0) }
                    }
                    writer.key("parameters")
                    writer.value(pending.parameters)
                }
            }, as: UTF8.self)
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let value = try? JSONReader.read(Array(setting.utf8)), let author = CatalogAuthor(value),
            let effectiveAt = value["effective"]?.string.flatMap({ Instant($0) }), let parameters = value["parameters"]
        else { return nil }
        // Of a store from before that was kept: one that binds users itself keeps none besides.
        let files = Dictionary((parameters["files"]?.members ?? []).map { ($0.name, $0.value.string ?? "") }) { $1 }
        let keepsUsers =
            value["keeps_users"]?.bool
            ?? (parameters["without_users"]?.bool != true
                && (try? Catalogue(files: files, isStored: true))?.register.users.isEmpty == true)
        self.init(
            effectiveAt: effectiveAt, author: author, contributors: (value["contributors"]?.array ?? []).compactMap(CatalogAuthor.init),
            confirmer: value["confirmer"].flatMap(CatalogAuthor.init), parameters: parameters, keepsUsers: keepsUsers)
    }
}
