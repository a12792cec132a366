import CaseWire
import Glibc
import Hummingbird
import NIOCore
import NIOPosix

/// Files go back to whoever sent them, and never into a page: as an attachment, of the type that they begin as.
enum OwnFiles {
    @Sendable static func ofDraft(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let applicant = visit.applicant, let drafts = visit.hall.drafts else { return ApplicantPages.notHere(visit) }
        let draft = await drafts.draft(visit.parameters["draft"], of: applicant.id, at: visit.now)
        guard let material = visit.parameters["material"], case .file(let name, _, let sha256) = draft?.materials[material] else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        return attachment(sha256, material, called: name, visit)
    }

    @Sendable static func ofCase(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let applicant = visit.applicant else { return ApplicantPages.notHere(visit) }
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit),
            let material = own.materials.first(where: { $0.id == visit.parameters["material"] }), let sha256 = material.sha256
        else { return visit.hall.pages.trouble(.missing, visit) }
        return attachment(sha256, "\(own.id)-\(material.id)", called: nil, visit)
    }

    /// - Parameters:
    ///   - name: of ASCII letters, digits and dashes, as names of the catalogue are.
    ///   - called: what whoever sent it called it.
    private static func attachment(_ sha256: String, _ name: String, called: String?, _ visit: Visit) -> Answer {
        guard let opened = visit.hall.materials?.open(sha256) else { return visit.hall.pages.trouble(.missing, visit) }
        let file = OpenFile(opened.descriptor)
        guard let type = FileType(file.beginning) else { return visit.hall.pages.trouble(.missing, visit) }
        return attachment(named: type.named(name, once: called), type.mediaType, file.body(size: opened.size))
    }

    static func attachment(named name: String, _ mediaType: String, _ body: ResponseBody) -> Answer {
        var answer = Answer(status: .ok, contentType: mediaType, body: body)
        answer.add(.contentDisposition, "attachment; filename=\"\(name)\"")
        return answer
    }
}

/// A file that is open for reading, and closed with its last user.
private final class OpenFile: Sendable {
    private let descriptor: Int32
    /// It is read in pieces of so many bytes.
    private static let pieceBytes = 64 << 10

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    var beginning: [UInt8] {
        read(at: 0, FileType.beginningLength)
    }

    /// Empty at its end, and where the disk fails.
    private func read(at place: Int, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            length = max(0, pread(descriptor, buffer.baseAddress, count, off_t(place)))
        }
    }

    /// - Parameter size: of the file, which nobody changes.
    func body(size: Int) -> ResponseBody {
        ResponseBody(contentLength: size) { writer in
            var place = 0
            while place < size {
                let from = place
                let piece = try await NIOThreadPool.singleton.runIfActive { self.read(at: from, OpenFile.pieceBytes) }
                guard !piece.isEmpty else { throw CancellationError() }
                try await writer.write(ByteBuffer(bytes: piece))
                place += piece.count
            }
            try await writer.finish(nil)
        }
    }
}
