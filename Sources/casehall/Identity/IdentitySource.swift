import CaseWire
import HTTPTypes
import Hummingbird

/// How the hall learns who asks: from a token that the proxy hands over, from a header of a proxy on a Unix socket whose user the kernel names,
/// or not at all.
enum IdentitySource: Sendable {
    case none
    case token(TokenCheck, header: HTTPField.Name, claims: ClaimNames)
    case headers(person: HTTPField.Name?, applicant: HTTPField.Name?, name: HTTPField.Name)

    /// Which claims of a token name whom.
    struct ClaimNames: Sendable {
        let person: String
        let applicant: String
        let name: String
    }

    /// Somebody says who they are, and it does not hold.
    struct NotBelieved: Error, Equatable {
        let reason: String
    }

    init(_ options: HallOptions) async throws(Unusable) {
        if let path = options.tokenKeys, let issuer = options.tokenIssuer, let audience = options.tokenAudience {
            let check = TokenCheck(
                keys: try await TokenKeys(file: path), issuer: issuer, audience: audience, longestLifetime: options.tokenLifetime,
                leeway: options.tokenLeeway)
            self = .token(
                check, header: try IdentitySource.header(options.tokenHeader, "--token-header"),
                claims: ClaimNames(person: options.personClaim, applicant: options.applicantClaim, name: options.nameClaim))
        } else if options.personHeader != nil || options.applicantHeader != nil {
            self = .headers(
                person: try options.personHeader.map { name throws(Unusable) in try IdentitySource.header(name, "--person-header") },
                applicant: try options.applicantHeader.map { name throws(Unusable) in try IdentitySource.header(name, "--applicant-header")
                },
                name: try IdentitySource.header(options.nameHeader, "--name-header"))
        } else {
            self = .none
        }
    }

    static func header(_ name: String, _ option: String) throws(Unusable) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { throw Unusable("\(option) \(name) is no name of a header: write it as in X-Person") }
        return name
    }

    /// - Parameters:
    ///   - isProxy: whether the proxy is at the other end.
    ///   - now: seconds since 1970.
    func visitor(_ headers: HTTPFields, isProxy: Bool, now: Int64) async throws(NotBelieved) -> Visitor {
        switch self {
        case .none: return .nobody
        case .token(let check, let header, let claims):
            let values = headers[values: header]
            guard let value = values.first, !value.isEmpty else { return .nobody }
            guard values.count == 1 else { throw NotBelieved(reason: "there are several tokens") }
            let token = value.hasPrefix("Bearer ") ? String(value.dropFirst(7)) : value
            let said = try await check.claims(of: token, now: now)
            return try IdentitySource.visitor(
                person: IdentitySource.text(said[claims.person]), applicant: IdentitySource.text(said[claims.applicant]),
                name: IdentitySource.text(said[claims.name]))
        case .headers(let person, let applicant, let name):
            guard isProxy else { throw NotBelieved(reason: "the proxy has not asked this") }
            func said(_ header: HTTPField.Name?) throws(NotBelieved) -> String? {
                guard let header else { return nil }
                let values = headers[values: header]
                guard let value = values.first, !value.isEmpty else { return nil }
                guard values.count == 1, let text = PercentEncoding.decoded(Array(value.utf8), plusIsSpace: false) else {
                    throw NotBelieved(reason: "a header says who asks and cannot be read")
                }
                return text
            }
            return try IdentitySource.visitor(person: said(person), applicant: said(applicant), name: said(name))
        }
    }

    private static func text(_ claim: JSONValue?) throws(NotBelieved) -> String? {
        switch claim {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw NotBelieved(reason: "a claim that names somebody is no text")
        }
    }

    private static func visitor(person: String?, applicant: String?, name: String?) throws(NotBelieved) -> Visitor {
        for text in [person, applicant, name].compactMap({ $0 })
        where text.utf8.count > Visitor.textLimit || text.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            throw NotBelieved(reason: "a name is too long, or has characters that no name has")
        }
        if let person, !person.isEmpty {
            guard applicant == nil else { throw NotBelieved(reason: "somebody is both a person of the office and an applicant") }
            return .person(id: person)
        }
        guard let applicant, !applicant.isEmpty else { return .nobody }
        guard let name, !name.isEmpty else { throw NotBelieved(reason: "an applicant has no name") }
        return .applicant(id: applicant, name: name)
    }
}
