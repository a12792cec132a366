import CasePages
import CaseWire
import Evidence
import FoundationEssentials

/// What was sealed and signed, as files of an exported journal: each has to be what an entry says.
struct ExportedDecisions {
    private let folder: TreeFolder
    /// What entries say that a file may hold, by its path: of several that were signed for one purpose the folder has the last.
    private var recorded: [String: Set<[UInt8]>] = [:]

    /// - Parameters:
    ///   - folder: of which each entry is what was signed.
    ///   - size: how many entries it has.
    init(_ folder: TreeFolder, size: Int64) throws {
        self.folder = folder
        for first in stride(from: 0, to: size, by: Tile.span) {
            let tile = Tile(.entries, index: first / Int64(Tile.span), width: Int(min(size - first, Int64(Tile.span))))
            for entry in try folder.bytes(at: tile.path).flatMap(EntryBundle.entries) ?? [] {
                note(try entry.longEvent.flatMap { try folder.bytes(at: $0.path) } ?? entry.bytes)
            }
        }
    }

    private mutating func note(_ text: [UInt8]) {
        guard text.contains(Array("\"statement\":".utf8)), let event = try? JSONReader.read(text), let file = event.cell("case") else {
            return
        }
        for (member, fixed) in [("seal", "decision@cased"), ("signature", nil)] {
            guard let signed = event[member], let statement = signed.cell("statement") else { continue }
            let command = statement.split(separator: "\n").first { $0.hasPrefix("command: ") }.map { "\($0.dropFirst(9))@cased" }
            guard let purpose = fixed ?? command else { continue }
            recorded["\(file)/\(purpose)", default: []].insert(Array(statement.utf8))
            if let signature = signed.cell("signature") { recorded["\(file)/\(purpose).sig", default: []].insert(Array(signature.utf8)) }
        }
    }

    /// A sentence for each file that is something else, and for each decision that is not there.
    func findings() throws -> [String] {
        let root = "\(folder.path)/decisions"
        var present: Set<String> = []
        var findings: [String] = []
        for file in ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted() {
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(file)")) ?? []).sorted() {
                let path = "\(file)/\(name)"
                present.insert(path)
                guard let bytes = try folder.bytes(at: "decisions/\(path)"), recorded[path]?.contains(bytes) == true else {
                    findings.append("decisions/\(path) is not what the journal says")
                    continue
                }
            }
        }
        let lost = recorded.keys.filter { !present.contains($0) && $0.split(separator: "/")[1].hasPrefix("decision@cased") }
        return findings + lost.sorted().map { "decisions/\($0) is not there" }
    }
}
