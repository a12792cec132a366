import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

/// What counted of each version of the catalogue, by the versions and the server's own events alone: what settings say of it is found again.
struct CatalogRecount {
    private(set) var history = CatalogHistory()
    private(set) var unconfirmed: Unconfirmed?
    private var inForce = Register()
    private var newest = 0
    private let snapshot: any StoreSnapshot

    /// - Throws: faults of the store. A version that cannot be read any more names nobody.
    init(_ snapshot: any StoreSnapshot) throws {
        self.snapshot = snapshot
        for row in try snapshot.journal(of: .server) {
            let event = try JSONReader.read(row.event)
            guard let instant = event["at"]?.string.flatMap({ Instant($0) }), let name = event["event"]?.string,
                let version = event["data"]?["catalog_version"]?.integer.map(Int.init)
            else { continue }
            switch name {
            case ServerChange.catalogAppliedName:
                try takeUnrecorded(before: version)
                let confirmed = event["data"]?["confirmed_version"]?.integer.map(Int.init) ?? version
                try take(version, at: instant, confirmed: confirmed, by: CatalogAuthor(event))
            case ServerChange.catalogConfirmedName:
                unconfirmed = unconfirmed?.confirmed(through: version)
                inForce = try (version..<newest).reduce(register(version) ?? inForce) { before, version in
                    try register(version + 1)?.inForce(after: before) ?? before
                }
                history.note(inForce, at: instant)
            default: break
            }
        }
        try takeUnrecorded(before: Int.max)
    }

    /// Versions from before their application was recorded: they counted in full.
    private mutating func takeUnrecorded(before version: Int) throws {
        while newest + 1 < version, let stored = try snapshot.catalog(version: newest + 1) {
            try take(stored.version, at: stored.at, confirmed: stored.version, by: nil)
        }
    }

    private mutating func take(_ version: Int, at instant: Instant, confirmed: Int, by author: CatalogAuthor?) throws {
        newest = version
        if confirmed == version {
            unconfirmed = nil
        } else if let author {
            unconfirmed = unconfirmed ?? Unconfirmed(confirmed: confirmed, versions: [])
            unconfirmed?.add(version, by: author)
        }
        guard let register = try register(version) else { return }
        inForce = unconfirmed == nil ? register : register.inForce(after: inForce)
        history.note(inForce, at: instant)
    }

    private func register(_ version: Int) throws -> Register? {
        try snapshot.catalog(version: version).flatMap { try? Catalogue(files: $0.files, isStored: true).register }
    }
}
