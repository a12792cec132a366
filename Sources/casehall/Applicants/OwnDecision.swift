import CasePages
import CaseWire
import Hummingbird
import NIOCore

/// The decision on an applicant's case with its seal, and all that it takes to check it without this hall: three files and a command.
enum OwnDecision {
    @Sendable static func answer(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let applicant = visit.applicant else { return ApplicantPages.notHere(visit) }
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit), let decision = try await decision(own, visit)
        else { return visit.hall.pages.trouble(.missing, visit) }
        let (words, language) = (visit.applicantWords, visit.language)
        let at = decision.instant("at").map { language.instant($0, in: own.matter.matterZone) } ?? ""
        let page = DecisionPage(named(decision, own), at: at, language)
        let sections = Verification.signed(decision).enumerated().map { place, signed in
            Section(
                heading: signed.cell("by") == nil ? words.seal : words.signature, statement: signed.cell("statement") ?? "",
                files: signed.cell("signature") == nil
                    ? []
                    : SignedFile.allCases.map {
                        PageItem(text: $0.rawValue, link: "\(OwnCase.path(own.id))/decision/\(place)/\($0.rawValue)")
                    },
                command: signed.cell("signature") == nil ? nil : Verification.commands(signed, decision).last)
        }
        return visit.hall.pages.page(
            "my-decision",
            Content(
                title: words.decisionOn(own.id), language: language.rawValue, training: language.training(decision), facts: page.facts,
                remark: page.remark, howHeading: sections.contains { $0.command != nil } ? visit.words.verifyHeading : nil,
                how: words.verifyHow, sections: sections, back: PageItem(text: words.backToCase, link: OwnCase.path(own.id))),
            visit)
    }

    /// The same with what people call matter, leader and office.
    private static func named(_ decision: JSONValue, _ own: OwnCase) -> JSONValue {
        let leader = (own.list["posts"]?.array ?? []).first { $0.cell("holder_id") == decision.cell("by") }?.cell("holder")
        let names = ["matter": own.matter.cell("name"), "by": leader, "office": own.matter.cell("office_name")]
        return .object(
            (decision.members ?? []).map { member in
                names[member.name].flatMap { $0 }.map { .init(member.name, .string($0)) } ?? member
            })
    }

    private struct Content: PageContent {
        let title, language: String
        let training: String?
        let facts: [PageFact]
        let remark, howHeading: String?
        let how: String
        let sections: [Section]
        let back: PageItem
    }

    private struct Section {
        let heading, statement: String
        let files: [PageItem]
        let command: String?
    }

    /// What it takes to check a signature, by the names that the command has for it.
    private enum SignedFile: String, CaseIterable {
        case statement
        case signature = "statement.sig"
        case signers = "allowed_signers"
    }

    /// Nil where there is none yet.
    private static func decision(_ own: OwnCase, _ visit: Visit) async throws(DaemonTrouble) -> JSONValue? {
        guard own.state?.isDecision == true else { return nil }
        return try await visit.read(.decision, [.init("case", .string(own.id))])
    }

    @Sendable static func file(_ visit: Visit) async throws(DaemonTrouble) -> Answer {
        guard let applicant = visit.applicant else { return ApplicantPages.notHere(visit) }
        guard let own = try await OwnCase(visit.parameters["case"], of: applicant, visit), let decision = try await decision(own, visit),
            let signed = Verification.signed(decision).enumerated().first(where: { "\($0.offset)" == visit.parameters["signature"] })?
                .element,
            let file = visit.parameters["file"].flatMap({ SignedFile(rawValue: $0) })
        else { return visit.hall.pages.trouble(.missing, visit) }
        let text: String? =
            switch file {
            case .statement: signed.cell("statement")
            case .signature: signed.cell("signature")
            case .signers: try await visit.read(.signers).cell("allowed_signers")
            }
        guard let text else { return visit.hall.pages.trouble(.missing, visit) }
        return OwnFiles.attachment(
            named: file.rawValue, "application/octet-stream", ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
