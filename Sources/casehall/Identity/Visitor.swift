/// Who asks. The hall knows of nobody by itself: a proxy says so, in a way that is checked.
enum Visitor: Sendable, Equatable {
    case nobody
    /// Somebody who submits and follows cases of their own, as the identity provider knows them.
    case applicant(id: String, name: String)
    /// A person of the catalogue.
    case person(id: String)

    /// What tells one visitor from any other, for signatures.
    var mark: String {
        switch self {
        case .nobody: "nobody"
        case .applicant(let id, let name): "applicant \(id.utf8.count) \(id) \(name)"
        case .person(let id): "person \(id)"
        }
    }

    /// As whom the daemon is asked: only a person of the catalogue has a name there.
    var acting: String? {
        if case .person(let id) = self { return id }
        return nil
    }

    /// An id or a name may have so many bytes.
    static let textLimit = 200
}
