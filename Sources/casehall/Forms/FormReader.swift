import Hummingbird
import NIOCore

/// Reads the form that a request carries, whole and within its limits; files go to the folder of materials as they come, and only once the form
/// has shown that it is the hall's.
struct FormReader {
    private let limits: FormLimits
    private let materials: MaterialsFolder?

    /// Within how long a form has to come.
    private static let patience = Duration.seconds(300)

    init(_ limits: FormLimits, _ materials: MaterialsFolder?) {
        (self.limits, self.materials) = (limits, materials)
    }

    /// - Parameter isTrusted: whether the texts that came before a file hold the token of the session. A file of any other form is not looked at.
    func read(_ request: Request, _ body: FormBody, isTrusted: (Form) -> Bool) async throws(FormTrouble) -> Form {
        let type = request.headers[.contentType] ?? ""
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.totalBytes { throw .tooLarge }
        if type.split(separator: ";").first?.lowercased() == "application/x-www-form-urlencoded" {
            return try await urlEncoded(body)
        }
        guard type.lowercased().hasPrefix("multipart/form-data") else { throw .otherType }
        guard let boundary = MultipartReader.boundary(type), let reader = MultipartReader(boundary: boundary, limits) else {
            throw .malformed
        }
        return try await multipart(body, reader, isTrusted)
    }

    private func urlEncoded(_ body: FormBody) async throws(FormTrouble) -> Form {
        var bytes: [UInt8] = []
        try await each(body) { piece throws(FormTrouble) in
            bytes += piece
            guard bytes.count <= limits.textBytes else { throw .tooLarge }
        }
        return try URLEncodedForm.read(bytes, limits)
    }

    private func multipart(_ body: FormBody, _ reader: MultipartReader, _ isTrusted: (Form) -> Bool) async throws(FormTrouble) -> Form {
        var parts = MultipartForm(reader: reader, limits: limits)
        try await each(body) { piece throws(FormTrouble) in
            for event in try parts.reader.read(piece) { try await parts.take(event, materials, isTrusted) }
        }
        guard parts.reader.isWhole else { throw .malformed }
        return parts.form
    }

    private func each(_ body: FormBody, _ take: ([UInt8]) async throws(FormTrouble) -> Void) async throws(FormTrouble) {
        let end = ContinuousClock.now + FormReader.patience
        var count = 0
        while true {
            let piece: ByteBuffer?
            do { piece = try await body.next() } catch { throw .malformed }
            guard let piece else { return }
            count += piece.readableBytes
            guard count <= limits.totalBytes else { throw .tooLarge }
            guard ContinuousClock.now < end else { throw .tooSlow }
            try await take(Array(piece.readableBytesView))
        }
    }
}

/// The body of a request while it comes. It can be gone through once, whoever does. It is used by one task at a time: that of its request.
final class FormBody: @unchecked Sendable {
    private let body: RequestBody
    private var iterator: RequestBody.AsyncIterator?
    /// In bytes.
    private static let drainLimit = 4 << 20
    private static let drainPatience = Duration.seconds(10)

    init(_ body: RequestBody) {
        self.body = body
    }

    func next() async throws -> ByteBuffer? {
        var iterator = iterator ?? body.makeAsyncIterator()
        defer { self.iterator = iterator }
        return try await iterator.next()
    }

    /// Takes some of what is still coming, and throws it away.
    func drain() async throws {
        var count = 0
        let end = ContinuousClock.now + FormBody.drainPatience
        while count <= FormBody.drainLimit, ContinuousClock.now < end, let piece = try await next() { count += piece.readableBytes }
    }
}

/// A form of several parts while it comes.
private struct MultipartForm {
    var reader: MultipartReader
    let limits: FormLimits
    private(set) var form = Form()
    private var part: Part?
    private var textBytes = 0
    private var partCount = 0

    private enum Part {
        case text(name: String, bytes: [UInt8])
        case file(field: String, name: String, MaterialsFolder.Incoming)
        /// A field for files that none was chosen for.
        case none
        /// A file that is not kept: it comes all the same, so that what was typed is not lost.
        case passedOver
    }

    init(reader: MultipartReader, limits: FormLimits) {
        (self.reader, self.limits) = (reader, limits)
    }

    mutating func take(_ event: MultipartReader.Event, _ materials: MaterialsFolder?, _ isTrusted: (Form) -> Bool) async throws(FormTrouble)
    {
        switch event {
        case .part(let name, nil):
            try count()
            part = .text(name: name, bytes: [])
        case .part(_, ""?):
            try count()
            part = Part.none
        case .part(let field, let name?):
            try count()
            part = .passedOver
            guard isTrusted(form) else { return }
            guard form.files.count < limits.files else { throw .tooLarge }
            do throws(FormTrouble) {
                guard let materials else { throw .fileRefused(.notTaken) }
                part = .file(field: field, name: name, try materials.begin())
            } catch {
                try passOver(field, name, error)
            }
        case .bytes(let bytes): try add(bytes)
        case .partEnd: try await finish(materials)
        }
    }

    private mutating func count() throws(FormTrouble) {
        partCount += 1
        guard partCount <= limits.fields else { throw .tooLarge }
    }

    private mutating func add(_ bytes: [UInt8]) throws(FormTrouble) {
        switch part {
        case .text(let name, let before):
            textBytes += bytes.count
            guard before.count + bytes.count <= limits.fieldBytes, textBytes <= limits.textBytes else { throw .tooLarge }
            part = .text(name: name, bytes: before + bytes)
        case .file(let field, let name, let incoming):
            do throws(FormTrouble) {
                guard incoming.size + bytes.count <= limits.fileBytes else { throw .fileRefused(.tooLarge(limit: limits.fileBytes)) }
                try incoming.write(bytes)
            } catch {
                try passOver(field, name, error)
            }
        case .passedOver: break
        case Part.none?: throw .malformed
        case nil: preconditionFailure("bytes of no part")
        }
    }

    private mutating func finish(_ materials: MaterialsFolder?) async throws(FormTrouble) {
        switch part {
        case .text(let name, let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
            form.add(name, text)
        case .file(let field, let name, let incoming):
            guard let materials else { preconditionFailure("a file without a folder") }
            do throws(FormTrouble) {
                guard FileType(incoming.beginning) != nil else { throw .fileRefused(.wrongType) }
                let kept = try await materials.keep(incoming)
                form.add(FormFile(field: field, name: name, size: kept.size, sha256: kept.sha256))
            } catch {
                try passOver(field, name, error)
            }
        case .passedOver?, Part.none?, nil: break
        }
        part = nil
    }

    /// A file that may not be kept is said to be so beside its field; any other trouble is the form's.
    private mutating func passOver(_ field: String, _ name: String, _ trouble: FormTrouble) throws(FormTrouble) {
        guard case .fileRefused(let reason) = trouble else { throw trouble }
        part = .passedOver
        form.add(UnkeptFile(field: field, name: name, trouble: reason))
    }
}
