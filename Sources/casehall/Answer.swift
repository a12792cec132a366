import CasePages
import HTTPTypes
import Hummingbird
import NIOCore

/// What the hall answers to one request.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var contentType = "text/html; charset=utf-8"
    var body: ResponseBody
    /// Whether others than whoever asked may never get it from a cache.
    var isPersonal = true
    /// Besides those of each answer.
    var headers: [(name: HTTPField.Name, value: String)] = []
    /// What is left of a request after which nothing more is read of its connection; nil where that goes on.
    var rest: FormBody?

    /// Whether nothing more is read of this connection.
    var endsConnection: Bool { rest != nil }

    static func page(_ html: String, status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status: status, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }

    /// To be asked by GET.
    ///
    /// - Parameter path: within the hall.
    static func redirect(_ path: String) -> Answer {
        Answer(status: .seeOther, body: ResponseBody(), headers: [(.location, path)])
    }

    mutating func add(_ name: HTTPField.Name, _ value: String) {
        headers.append((name, value))
    }

    /// With the headers of each answer: nothing from elsewhere, nothing inline, nowhere else to be shown or sent.
    ///
    /// - Parameter isPlain: whether it goes over plain HTTP.
    func response(isPlain: Bool) -> Response {
        var fields = HTTPFields()
        fields[.contentType] = contentType
        if let length = body.contentLength { fields[.contentLength] = "\(length)" }
        fields[.contentSecurityPolicy] = Answer.policy
        fields[.xContentTypeOptions] = "nosniff"
        fields[Answer.referrerPolicy] = "same-origin"
        fields[Answer.openerPolicy] = "same-origin"
        fields[Answer.resourcePolicy] = "same-origin"
        if !isPlain { fields[.strictTransportSecurity] = "max-age=31536000" }
        if isPersonal { fields[.cacheControl] = "no-store" }
        for (name, value) in headers { fields.append(HTTPField(name: name, value: value)) }
        return Response(status: status, headers: fields, body: body)
    }

    private static let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'"
    private static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    private static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
    private static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")!
}
