import CasePages
import CaseWire
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging

/// The hall: from a request to its answer.
///
/// ```
/// peer ─> proxy? ─> limit of the client ─> who asks ─> route ─> a form is the hall's own ─> page or command ─> headers
/// ```
final class Hall: Sendable {
    let options: HallOptions
    let daemon: DaemonPool
    let published: Published
    let sessions: Sessions
    let materials: MaterialsFolder?
    /// What applicants have begun; nil in a hall that takes no files.
    let drafts: DraftFolder?
    let pages: HallPages
    /// How many receipts a client may look up.
    let lookups: ClientLimits
    let streams: StreamPlaces
    let presence = Presence()
    private let identity: IdentitySource
    private let clients: ClientAddress
    private let clientHeader: HTTPField.Name
    private let limits: ClientLimits
    private let routes: Routes
    private let log: Logger

    /// A burst is what a client may send in so many seconds.
    private static let burstSeconds = 10

    init(_ options: HallOptions, _ log: Logger) async throws(Unusable) {
        self.options = options
        self.log = log
        daemon = DaemonPool(path: options.socket, connections: options.daemonConnections, patience: options.patience)
        published = Published(daemon)
        sessions = try Sessions(options)
        materials = try options.materials.map { path throws(Unusable) in try MaterialsFolder(path, options) }
        drafts = try options.materials.map { path throws(Unusable) in try DraftFolder(in: path) }
        pages = HallPages(names: [.en: options.nameEn, .zh: options.nameZh])
        lookups = ClientLimits(options.lookupsPerMinute, in: 60)
        streams = StreamPlaces(perPerson: options.streamsPerPerson, all: options.streams)
        identity = try await IdentitySource(options)
        if case .token(let check, _, _) = identity { for sentence in check.leftOut { log.warning("--token-keys: \(sentence)") } }
        clients = ClientAddress(options)
        clientHeader = try IdentitySource.header(options.clientHeader, "--client-header")
        limits = ClientLimits(options.requestsPerSecond * Hall.burstSeconds, in: Hall.burstSeconds)
        routes = Hall.routes()
    }

    /// All that the hall shows.
    private static func routes() -> Routes {
        var routes = Routes()
        PublicPages.add(to: &routes)
        ApplicantPages.add(to: &routes)
        DeskPages.add(to: &routes)
        return routes
    }

    // MARK: A request

    func answer(_ request: Request, from peer: Peer) async -> Answer {
        let now = Int64(Date().timeIntervalSince1970)
        let client = clients.client(of: peer, said: request.headers[clientHeader])
        var visit = Visit(
            hall: self, path: request.uri.path, address: request.uri.string, query: Form(), parameters: [:], client: client,
            visitor: .nobody,
            language: language(request), session: sessions.new(for: .nobody, now: now), hasSession: false, now: now)
        if case .user = peer, options.proxyUser != nil, !clients.isProxy(peer) { return pages.trouble(.notTheProxy, visit) }
        if let file = pages.staticFile(visit.path) {
            return request.method == .get || request.method == .head ? file : pages.trouble(.method(["GET", "HEAD"]), visit)
        }
        if let seconds = limits.take(client) { return pages.trouble(.tooMany(seconds: seconds), visit) }
        do throws(IdentitySource.NotBelieved) {
            let visitor = try await identity.visitor(request.headers, isProxy: clients.isProxy(peer), now: now)
            let kept = Cookies(request.headers)[sessionCookie].flatMap { sessions.session($0, of: visitor, now: now) }
            visit = Visit(
                hall: self, path: visit.path, address: visit.address, query: visit.query, parameters: [:], client: client, visitor: visitor,
                language: visit.language,
                session: kept ?? sessions.new(for: visitor, now: now), hasSession: kept != nil, now: now)
        } catch {
            log.info("somebody was not believed: \(error.reason)")
            return pages.trouble(.notBelieved, visit)
        }
        do {
            return try await answer(request, visit)
        } catch let trouble as DaemonTrouble {
            return pages.trouble(Trouble(trouble), visit)
        } catch {
            log.error("a page could not be made: \(String(reflecting: type(of: error)))")
            return pages.trouble(.fault, visit)
        }
    }

    private func answer(_ request: Request, _ visit: Visit) async throws -> Answer {
        guard request.uri.string.utf8.count <= Hall.addressLimit, visit.path.hasPrefix("/") else { return pages.trouble(.malformed, visit) }
        guard case .found(let target, let parameters) = routes.match(visit.path) else { return pages.trouble(.missing, visit) }
        let query: Form
        do throws(FormTrouble) {
            query = try URLEncodedForm.read(Array((request.uri.query ?? "").utf8), FormLimits(fileBytes: 0))
        } catch {
            return pages.trouble(.malformed, visit)
        }
        let visit = Visit(
            hall: self, path: visit.path, address: visit.address, query: query, parameters: parameters, client: visit.client,
            visitor: visit.visitor,
            language: visit.language, session: visit.session, hasSession: visit.hasSession, now: visit.now)
        switch (target, request.method) {
        // Whoever works here has a session, to which what stays open is held.
        case (.show(let show), .get), (.show(let show), .head):
            let answer = try await show(visit)
            return visit.visitor.acting == nil ? finished(answer, visit) : withSession(answer, visit, request)
        case (.form(let page), .get), (.form(let page), .head): return withSession(try await page.show(visit, Form()), visit, request)
        case (.form(let page), .post): return withSession(try await take(page, request, visit), visit, request)
        case (.show, _): return pages.trouble(.method(["GET", "HEAD"]), visit)
        case (.form, _): return pages.trouble(.method(["GET", "HEAD", "POST"]), visit)
        }
    }

    /// An address has at most so many bytes.
    private static let addressLimit = 8 << 10

    // MARK: A form

    /// Nothing of a form has an effect, nor is a file of it kept, before it is known that this visitor was shown it.
    private func take(_ page: any FormPage, _ request: Request, _ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let body = FormBody(request.body)
        guard isFromHere(request) else { return ending(pages.trouble(.fromElsewhere, visit), body) }
        let hasSession = Cookies(request.headers)[sessionCookie].flatMap { sessions.session($0, of: visit.visitor, now: visit.now) } != nil
        func isTrusted(_ form: Form) -> Bool { hasSession && sessions.isFormToken(form.typed("token"), of: visit.session) }
        var form: Form
        do throws(FormTrouble) {
            form = try await FormReader(FormLimits(fileBytes: options.fileLimit), materials).read(request, body, isTrusted: isTrusted)
        } catch {
            return ending(pages.trouble(Trouble(error), visit), body)
        }
        // What was typed is shown again, in a form that is theirs.
        guard isTrusted(form) else { return try await again(page, visit, form, visit.words.sessionOver, .forbidden) }
        if let file = form.unkept.first, !page.takesFiles { return pages.trouble(.file(file.trouble), visit) }
        for file in form.unkept { form.refuse(file.field, "\(file.name): \(visit.words.sentence(of: .file(file.trouble)))") }
        do throws(DaemonTrouble) {
            if let answer = try await page.take(visit, &form) { return answer }
        } catch {
            if case .refused(let refusal) = error {
                return try await again(page, visit, form, visit.language.refusal(refusal.kind, refusal.message), .unprocessableContent)
            }
            let trouble = Trouble(error)
            var answer = try await again(page, visit, form, pages.sentence(trouble, visit), trouble.status)
            if let seconds = trouble.retryAfter { answer.add(.retryAfter, "\(seconds)") }
            return answer
        }
        return try await again(page, visit, form, nil, .unprocessableContent)
    }

    private func again(
        _ page: any FormPage, _ visit: Visit, _ form: Form, _ sentence: String?, _ status: HTTPResponse.Status
    ) async throws(DaemonTrouble) -> Answer {
        var form = form
        if let sentence { form.refuse(nil, sentence) }
        var answer = try await page.show(visit, form)
        answer.status = status
        return answer
    }

    private func ending(_ answer: Answer, _ rest: FormBody) -> Answer {
        var answer = answer
        answer.rest = rest
        return answer
    }

    /// Browsers say from which site a form comes; what is old enough not to say so has the token alone.
    private func isFromHere(_ request: Request) -> Bool {
        if let site = request.headers[Hall.fetchSite], site != "same-origin", site != "none" { return false }
        guard let origin = request.headers[.origin] else { return true }
        if let own = options.origin { return origin == own }
        guard let host = request.head.authority, origin != "null" else { return false }
        return origin == "https://\(host)" || options.isPlain && origin == "http://\(host)"
    }

    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!

    // MARK: Cookies

    /// Over HTTPS, no other host of the domain can set one with such a name.
    private var sessionCookie: String {
        options.isPlain ? "hall-session" : "__Host-session"
    }

    private var languageCookie: String {
        options.isPlain ? "hall-language" : "__Host-language"
    }

    private var cookieAttributes: String {
        "; Path=/; HttpOnly; SameSite=Lax" + (options.isPlain ? "" : "; Secure")
    }

    private func withSession(_ answer: Answer, _ visit: Visit, _ request: Request) -> Answer {
        var answer = finished(answer, visit)
        answer.isPersonal = true
        let isKept = Cookies(request.headers)[sessionCookie].flatMap { sessions.session($0, of: visit.visitor, now: visit.now) } != nil
        let session = isKept ? sessions.renewed(visit.session, now: visit.now) : visit.session
        if let session { answer.add(.setCookie, "\(sessionCookie)=\(sessions.cookie(session))\(cookieAttributes)") }
        return answer
    }

    private func finished(_ answer: Answer, _ visit: Visit) -> Answer {
        var answer = answer
        answer.isPersonal = answer.isPersonal || visit.visitor != .nobody
        if !answer.isPersonal {
            answer.add(.cacheControl, "no-cache")
            answer.add(.vary, "Accept-Language, Cookie")
        }
        return answer
    }

    /// Goes back to a page of the hall in another language.
    func switched(to language: Language, _ visit: Visit) -> Answer {
        let back = visit.query["back"]
        let isHere =
            back.hasPrefix("/") && !back.hasPrefix("//") && back.utf8.count <= Hall.addressLimit
            && back.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }
        var answer = Answer.redirect(isHere ? back : "/")
        answer.add(.setCookie, "\(languageCookie)=\(language.rawValue); Max-Age=31536000\(cookieAttributes)")
        return answer
    }

    private func language(_ request: Request) -> Language {
        if let chosen = Cookies(request.headers)[languageCookie].flatMap({ Language(rawValue: $0) }) { return chosen }
        return Language.preferred(request.headers[.acceptLanguage] ?? "")
    }
}

extension Language {
    /// By a header `Accept-Language` (RFC 9110, section 12.5.4); Chinese where it names neither.
    static func preferred(_ header: String) -> Language {
        var best: (language: Language, quality: Double)?
        for range in header.prefix(1000).split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
            let said = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            guard let language = parts.first.flatMap({ Language(rawValue: String($0.prefix(2)).lowercased()) }) else { continue }
            let quality = said ?? 1
            if quality > best?.quality ?? 0 { best = (language, quality) }
        }
        return best?.language ?? .zh
    }
}

/// The cookies of a request by their names; the first of several.
struct Cookies {
    private let pairs: [(name: Substring, value: Substring)]

    init(_ headers: HTTPFields) {
        pairs = headers[values: .cookie].flatMap { header in
            header.split(separator: ";").compactMap { pair in
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                return parts.count == 2 ? (parts[0], parts[1]) : nil
            }
        }
    }

    subscript(name: String) -> String? {
        pairs.first { $0.name == name }.map { String($0.value) }
    }
}
