import CaseCore
import CaseStore
import CaseWire
import Catalogue
import WorkingTime

/// What counted of each version of the catalogue, by the versions and the server's own events alone: what settings say of it is found again.
struct CatalogRecount {
    private(set) var history = CatalogHistory()
    private(set) var unconfirmed: Unconfirmed?
    /// The catalogue for a later day.
    private(set) var waiting: ServerChange.WaitingCatalog?
    /// Whether events say all of this: the first versions of the server did not record which version counts, nor what waits for its day.
    private(set) var isWhole = true
    /// The first version that is not the one that was applied.
    private(set) var changedVersion: Int?
    private var inForce = Register()
    private var newest = 0
    private var isRecorded = false
    /// Those that nobody agreed to, and the last one that somebody did.
    private var registers: [Int: Register] = [:]
    private let snapshot: any StoreSnapshot

    /// - Throws: faults of the store. A version that cannot be read any more names nobody.
    init(_ snapshot: any StoreSnapshot) throws {
        self.snapshot = snapshot
        try snapshot.eachEvent(of: .server) { row in
            let event = try JSONReader.read(row.event)
            guard let data = event["data"], let at = event["at"]?.string.flatMap({ Instant($0) }) else { return }
            let version = data["catalog_version"]?.integer.map(Int.init)
            let goneAt = data["gone_at"]?.string.flatMap { Instant($0) } ?? at
            switch (event["event"]?.string, version) {
            case (ServerChange.catalogAppliedName, let version?):
                if !isRecorded { try takeUnrecorded(before: version) }
                isRecorded = true
                if data["confirmed_version"] == nil { isWhole = false }
                waiting = data["waiting"].flatMap(ServerChange.WaitingCatalog.init)
                let confirmed = data["confirmed_version"]?.integer.map(Int.init) ?? version
                try take(version, data["digest"]?.string, at: goneAt, confirmed: confirmed, by: CatalogAuthor(event))
            case (ServerChange.catalogConfirmedName, let version?): try confirm(version, at: goneAt)
            case (ServerChange.catalogConfirmedName, nil):
                waiting = waiting.map { ServerChange.WaitingCatalog(digest: $0.digest, isConfirmed: true) }
            case (ServerChange.catalogScheduledName, _):
                if data["digest"] == nil { isWhole = false }
                waiting = data["digest"]?.string.map { ServerChange.WaitingCatalog(digest: $0, isConfirmed: false) }
            case (ServerChange.catalogCancelledName, _): waiting = nil
            default: break
            }
        }
        if !isRecorded { try takeUnrecorded(before: Int.max) }
        if let last = try snapshot.catalog(version: nil)?.version, last != newest { changedVersion = changedVersion ?? last }
    }

    /// Versions from before their application was recorded: they counted in full.
    private mutating func takeUnrecorded(before version: Int) throws {
        while newest + 1 < version, let stored = try snapshot.catalog(version: newest + 1) {
            try take(stored.version, nil, at: stored.at, confirmed: stored.version, by: nil)
        }
    }

    private mutating func take(_ version: Int, _ digest: String?, at instant: Instant, confirmed: Int, by author: CatalogAuthor?) throws {
        let stored = try snapshot.catalog(version: version)
        if version != newest + 1 || digest != nil && digest != stored.map({ CatalogDigest.of($0.files) }) {
            changedVersion = changedVersion ?? version
        }
        newest = version
        if confirmed == version {
            unconfirmed = nil
            registers = [:]
        } else if let author {
            unconfirmed = unconfirmed ?? Unconfirmed(confirmed: confirmed, versions: [])
            unconfirmed?.add(version, by: author)
        }
        guard let register = stored.flatMap({ try? Catalogue(files: $0.files, isStored: true).register }) else { return }
        registers[version] = register
        inForce = unconfirmed == nil ? register : register.inForce(after: inForce)
        history.note(inForce, at: instant)
    }

    private mutating func confirm(_ version: Int, at instant: Instant) throws {
        unconfirmed = unconfirmed?.confirmed(through: version)
        guard version <= newest else { return }
        inForce = (version..<newest).reduce(registers[version] ?? inForce) { before, version in
            registers[version + 1]?.inForce(after: before) ?? before
        }
        registers = registers.filter { $0.key >= version }
        history.note(inForce, at: instant)
    }
}

extension ServerChange.WaitingCatalog {
    fileprivate init?(_ value: JSONValue) {
        guard let digest = value["digest"]?.string, let isConfirmed = value["confirmed"]?.bool else { return nil }
        self.init(digest: digest, isConfirmed: isConfirmed)
    }
}
