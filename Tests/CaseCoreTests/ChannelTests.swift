import CaseCore
import CaseTesting
import Catalogue
import Testing
import WorkingTime

@Suite("How a case is handed in")
struct ChannelTests {
    private func submit(_ channel: String, taking channels: String) throws {
        var files = SmallOffice.files(user: 4711)
        files["matters.toml"]!.replace("channels = [\"window\", \"online\"]\n", with: channels, maxReplacements: 1)
        let office = Office(register: try Catalogue(files: files).register)
        let submission = Submission(
            matter: "permit", title: "t", applicant: Applicant(id: "A", name: "N"), fields: [:], channel: channel)
        _ = try Submit(submission, materials: []).open(
            as: CaseID(1), receipt: "R", catalogVersion: 1, by: Office.principal(.submitter), under: office.terms, at: office.start)
    }

    @Test("A submission in a way that the matter does not take is refused, and told which it takes")
    func taken() throws {
        let both = "channels = [\"online\", \"window\"]\n"
        for channel in ["online", "window"] { try submit(channel, taking: both) }
        for channel in ["fax", "post", "Online", ""] {
            #expect(throws: Refusal.channelUnknown(channel, ["online", "window"])) { try submit(channel, taking: both) }
        }
        let refusal = Refusal.channelUnknown("fax", ["online", "window"])
        #expect(refusal.message == "the matter is not handed in by \"fax\"" && refusal.hint == "it takes online, window")
        #expect(refusal.parameter == "channel")
    }

    @Test("A matter can name a way of its own, and one that names none takes all")
    func own() throws {
        try submit("fax", taking: "channels = [\"fax\"]\n")
        #expect(throws: Refusal.channelUnknown("online", ["fax"])) { try submit("online", taking: "channels = [\"fax\"]\n") }
        for channel in ["fax", "post", "carrier pigeon"] { try submit(channel, taking: "") }
    }

    @Test("What is nearly a usual way is a finding; the usual ones and what is like none of them are not")
    func findings() throws {
        for known in Channel.allCases.map(\.rawValue) {
            try submit(known, taking: "channels = [\"\(known)\"]\n")
            for near in [String(known.dropLast()), known + "s", known.capitalized] {
                let refused = #expect(throws: Catalogue.Refused.self) { try submit(near, taking: "channels = [\"\(near)\"]\n") }
                let finding = refused?.findings.first { $0.rule == .channel }
                #expect(finding?.mend.hasPrefix("did you mean \(known)?") == true, "\(near)")
            }
        }
    }
}
