/// The types of files that are taken, known by how they begin: what somebody calls a file says nothing.
enum FileType: String, CaseIterable, Sendable {
    case pdf, png, jpeg, tiff
    /// A ZIP archive, as OFD and the documents of office programs are.
    case zip

    /// So many bytes tell.
    static let beginningLength = 8

    init?(_ beginning: [UInt8]) {
        guard let type = FileType.allCases.first(where: { type in type.beginnings.contains { beginning.starts(with: $0) } }) else {
            return nil
        }
        self = type
    }

    private var beginnings: [[UInt8]] {
        switch self {
        case .pdf: [Array("%PDF-".utf8)]
        case .png: [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]]
        case .jpeg: [[0xFF, 0xD8, 0xFF]]
        case .tiff: [[0x49, 0x49, 0x2A, 0x00], [0x4D, 0x4D, 0x00, 0x2A]]
        case .zip: [[0x50, 0x4B, 0x03, 0x04]]
        }
    }

    var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .tiff: "image/tiff"
        case .zip: "application/zip"
        }
    }

    /// What the names of its files end in, the usual one first. Of a ZIP archive these tell which document it is.
    var endings: [String] {
        switch self {
        case .pdf: ["pdf"]
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .tiff: ["tiff", "tif"]
        case .zip: ["zip", "ofd", "docx", "xlsx", "pptx", "odt", "ods", "wps", "et"]
        }
    }

    /// A name under which it is handed out: that which it had, as far as that fits what it is.
    ///
    /// - Parameter name: of ASCII letters, digits and dashes, with no ending.
    func named(_ name: String, once called: String? = nil) -> String {
        let ending = called?.split(separator: ".").last.map { $0.lowercased() }
        return "\(name).\(ending.flatMap { endings.contains($0) ? $0 : nil } ?? endings[0])"
    }
}
