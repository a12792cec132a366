import CasePages
import CaseWire
import HTTPTypes
import Hummingbird
import NIOCore

/// A file that was handed in with a case, for whoever may read the case: to be kept, and never shown as a page. As what it is sent is told by its
/// first bytes, not by its name, and a picture is sent as one, so that a page of the hall can show it; nothing that could run is.
enum MaterialDownload {
    /// `/desk/cases/{case}/materials/{material}`
    @Sendable static func answer(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        let file = try await visit.read(.get, [.init("case", .string(visit.parameters["case"] ?? ""))])
        let material = (file["materials"]?.array ?? []).first { $0.materialID == visit.parameters["material"] }
        guard let digest = material?.cell("sha256"), let kept = await visit.hall.materials?.read(digest) else {
            return visit.hall.pages.trouble(.missing, visit)
        }
        let kind = MaterialKind(kept.head)
        var answer = Answer(
            status: .ok, contentType: kind.contentType,
            body: ResponseBody(contentLength: kept.size) { writer in
                try await kept.write(to: &writer)
                try await writer.finish(nil)
            })
        let name = "\(file.cell("case") ?? "") \(material?.materialID ?? "")\(kind.ending)"
        answer.add(.contentDisposition, "attachment; filename*=UTF-8''\(PercentEncoding.encoded(name))")
        return answer
    }
}

/// What a file is, by its first bytes.
enum MaterialKind: Equatable {
    case png, jpeg, gif, pdf, text, other

    init(_ head: [UInt8]) {
        self =
            if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
                .png
            } else if head.starts(with: [0xFF, 0xD8, 0xFF]) {
                .jpeg
            } else if head.starts(with: Array("GIF87a".utf8)) || head.starts(with: Array("GIF89a".utf8)) {
                .gif
            } else if head.starts(with: Array("%PDF-".utf8)) {
                .pdf
            } else if MaterialKind.isText(head) { .text } else { .other }
    }

    /// UTF-8, the last scalar of which may be cut, without characters that no text has.
    private static func isText(_ head: [UInt8]) -> Bool {
        guard !head.isEmpty, !head.contains(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) || $0 == 0x7F }) else { return false }
        return (0...3).contains { String(validating: head.dropLast($0), as: UTF8.self) != nil }
    }

    var isPicture: Bool { [.png, .jpeg, .gif].contains(self) }

    var contentType: String {
        switch self {
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .gif: "image/gif"
        case .pdf, .text, .other: "application/octet-stream"
        }
    }

    var ending: String {
        switch self {
        case .png: ".png"
        case .jpeg: ".jpg"
        case .gif: ".gif"
        case .pdf: ".pdf"
        case .text: ".txt"
        case .other: ""
        }
    }
}

/// What was handed in, as the page of its case shows it: what it is called, how large it is and its sum, and of a picture or a text what it shows.
struct MaterialItem {
    let materialName: String
    let details: [String]
    let download: PageItem?
    let previewLabel: String
    /// The address of a picture; nil of anything else.
    let picture: String?
    let text: String?

    /// Larger pictures are not shown.
    private static let pictureLimit = 5 << 20
    /// So much of a text is shown, in bytes.
    private static let textLimit = 16 << 10

    static func all(_ file: JSONValue, _ matter: JSONValue, _ visit: Visit) async throws(DaemonTrouble) -> [MaterialItem] {
        var items: [MaterialItem] = []
        for material in file["materials"]?.array ?? [] {
            var kept: MaterialsFolder.Kept?
            if let digest = material.cell("sha256") { kept = await visit.hall.materials?.read(digest) }
            items.append(MaterialItem(material, kept, file, matter, visit))
        }
        return items
    }

    private init(_ material: JSONValue, _ kept: MaterialsFolder.Kept?, _ file: JSONValue, _ matter: JSONValue, _ visit: Visit) {
        let words = visit.deskWords
        let id = material.materialID
        let name = FileFacts.document(id, matter)
        materialName = name
        let path = "\(DeskPages.path(file.cell("case") ?? ""))/materials/\(PercentEncoding.encoded(id))"
        details = [
            kept.map { MaterialItem.size($0.size) }, material.cell("sha256").map { "SHA-256 \($0)" }, material.cell("uri"),
            material.cell("sha256") == nil ? words.onPaper : kept == nil ? words.notInHall : nil,
        ].compactMap { $0 }
        download = kept.map { _ in PageItem(text: words.filled(words.download, name), link: path) }
        previewLabel = words.filled(words.preview, name)
        let kind = kept.map { MaterialKind($0.head) }
        picture = kept.flatMap { kind?.isPicture == true && $0.size <= MaterialItem.pictureLimit ? path : nil }
        text = kept.flatMap { kept in
            guard kind == .text else { return nil }
            let shown = String(decoding: kept.head.prefix(MaterialItem.textLimit), as: UTF8.self)
            return kept.size > MaterialItem.textLimit ? shown + " …" : shown
        }
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1 << 10 ? "\(bytes) B" : bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
    }
}

extension JSONValue {
    /// Of what was handed in: a material without a file is its id alone.
    var materialID: String {
        string ?? cell("id") ?? ""
    }
}
