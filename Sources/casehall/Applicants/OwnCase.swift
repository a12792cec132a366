import CaseCore
import CasePages
import CaseWire
import WorkingTime

/// A case of whoever asks: the case object, and its state as a receipt shows it, which says what is next.
struct OwnCase {
    let file, status: JSONValue
    let list: JSONValue
    let id: String

    /// Nil where there is none of this number, and where it is somebody else's: nobody learns which.
    ///
    /// - Parameter number: as the address has it.
    init?(_ number: String?, of applicant: Applicant, _ visit: Visit) async throws(DaemonTrouble) {
        guard let id = number.flatMap({ CaseID($0) })?.description else { return nil }
        let file: JSONValue
        do throws(DaemonTrouble) {
            file = try await visit.read(.get, [.init("case", .string(id))])
        } catch {
            guard case .refused(let refusal) = error, refusal.kind == "case.not_found" || refusal.kind == "permission.not_readable" else {
                throw error
            }
            return nil
        }
        guard applicant.id.isSame(as: file["applicant"]?.cell("id")), let receipt = file.cell("receipt") else { return nil }
        (self.file, self.id) = (file, id)
        status = try await visit.read(.get, [.init("receipt", .string(receipt))])
        list = try await visit.dutyList()
    }

    static func path(_ id: String) -> String {
        "/my/cases/\(id)"
    }

    /// Its matter, as the duty list has it; nothing where that is not in it any more.
    var matter: JSONValue {
        list.matter(file.cell("matter")) ?? .null
    }

    var state: State? {
        status.cell("state").flatMap { State(rawValue: $0) }
    }

    /// What the applicant is to hand in now; empty where nothing is asked of them.
    var asked: [MatterForm.Document] {
        guard state == .correction || state == .inReview else { return [] }
        return zip(status.texts("missing"), status.texts("missing_names")).map {
            MatterForm.Document(id: $0, name: $1, isRequired: true)
        }
    }

    /// What was handed in: its name, and its digest where it is a file.
    var materials: [(id: String, name: String, sha256: String?)] {
        let names = Dictionary(
            (matter["documents"]?.array ?? []).map { ($0.cell("material") ?? "", $0.cell("name") ?? "") }
        ) { first, _ in first }
        return (file["materials"]?.array ?? []).map { material in
            let id = material.string ?? material.cell("id") ?? ""
            return (id, names[id] ?? id, material.cell("sha256"))
        }
    }
}
