import CaseTesting
import Foundation
import Testing

@testable import casehall

@Suite("Drafts")
struct DraftFolderTests {
    private let directory = TemporaryDirectory()
    private static let now: Int64 = 1_800_000_000

    private func folder() throws -> DraftFolder {
        try DraftFolder(in: directory.path)
    }

    private func draft(_ title: String = "t", of applicant: String = "a", at now: Int64 = DraftFolderTests.now) -> Draft {
        var draft = Draft(applicant: applicant, matter: "stall", at: now)
        draft.texts = ["title": title]
        return draft
    }

    @Test("A draft is what it was, to the byte, after the hall was started anew", .enabled(if: HostileTexts.areThere))
    func kept() async throws {
        for text in try HostileTexts.all() {
            var kept = draft(text, of: "a\(text)")
            kept.materials = ["form": .file(name: text, size: 3, sha256: "00ff"), "plan": .paper]
            try await folder().save(kept)
            let found = await (try folder()).draft(kept.id, of: "a\(text)", at: Self.now)
            #expect(found?.bytes == kept.bytes && found == kept && found?.digest == kept.digest, "\(text.debugDescription)")
        }
    }

    @Test("A draft is found by its applicant alone, and by its whole id")
    func owner() async throws {
        let folder = try folder()
        let kept = draft(of: "caf\u{E9}")
        try await folder.save(kept)
        for (id, applicant) in [
            (kept.id, "other"), (kept.id, "cafe\u{301}"), (String(kept.id.dropLast()), "caf\u{E9}"), ("", "caf\u{E9}"),
            ("../\(kept.id)", "caf\u{E9}"), (kept.id.uppercased() + "x", "caf\u{E9}"),
        ] {
            #expect(await folder.draft(id, of: applicant, at: Self.now) == nil, "\(id) \(applicant)")
        }
    }

    @Test("An applicant has so many drafts and no more; what was handed in makes room, and others have their own")
    func number() async throws {
        let folder = try folder()
        var drafts = (0..<DraftFolder.limit).map { draft("\($0)", at: Self.now + Int64($0)) }
        for draft in drafts { try await folder.save(draft) }
        await #expect(throws: DraftFolder.Trouble.tooMany) { try await folder.save(draft("more")) }
        try await folder.save(draft("other", of: "b"))
        drafts[3].texts["title"] = "changed"
        try await folder.save(drafts[3])
        try await folder.save(drafts[0].ended(as: "C-1", at: Self.now))
        let more = draft("more")
        try await folder.save(more)
        let left = await folder.drafts(of: "a", at: Self.now)
        #expect(left.count == DraftFolder.limit && left.contains(more) && !left.contains { $0.became != nil })
    }

    @Test("A draft has so many bytes and no more, and one that is refused leaves what was there")
    func size() async throws {
        let folder = try folder()
        var kept = draft()
        try await folder.save(kept)
        kept.texts["title"] = String(repeating: "t", count: DraftFolder.byteLimit)
        await #expect(throws: DraftFolder.Trouble.tooLarge) { try await folder.save(kept) }
        #expect(await folder.draft(kept.id, of: "a", at: Self.now)?.texts == ["title": "t"])
    }

    @Test("What nobody has saved for long is gone, with its folder; what was handed in goes after a day")
    func age() async throws {
        let folder = try folder()
        let now = Int64(Date().timeIntervalSince1970)
        let (old, ended) = (draft("old", at: now), draft("e", at: now).ended(as: "C-1", at: now))
        try await folder.save(old)
        try await folder.save(ended)
        #expect(await folder.drafts(of: "a", at: now + DraftFolder.endedLifetime - 1).count == 2)
        #expect(await folder.drafts(of: "a", at: now + DraftFolder.endedLifetime) == [old])
        // Another applicant saves one, long after: all that is old goes, whoever asks.
        let later = now + DraftFolder.lifetime + 60
        try await folder.save(draft("new", of: "b", at: later))
        let folders = try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/drafts")
        #expect(folders.count == 1)
        #expect(await folder.drafts(of: "b", at: later).count == 1)
    }

    @Test("A file that is no draft is passed over, and what was half written goes")
    func damage() async throws {
        let kept = draft()
        try await folder().save(kept)
        let inside = try #require(try FileManager.default.contentsOfDirectory(atPath: "\(directory.path)/drafts").first)
        for (name, content) in [("x.json", "{"), ("y.json", "{\"id\":1}"), ("z.incoming", "half")] {
            try Data(content.utf8).write(to: URL(fileURLWithPath: "\(directory.path)/drafts/\(inside)/\(name)"))
        }
        let folder = try folder()
        #expect(await folder.drafts(of: "a", at: Self.now) == [kept])
        try await folder.save(kept)
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/drafts/\(inside)/z.incoming"))
    }
}
