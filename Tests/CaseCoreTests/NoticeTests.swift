import CaseCore
import CaseTesting
import Testing
import WorkingTime

/// Whose a notice is.
@Suite("Notices")
struct NoticeTests {
    private static func register(_ change: (inout Register) -> Void = { _ in }) -> Register {
        var register = Office.register
        change(&register)
        return register
    }

    private static func own(_ person: PersonID, _ register: Register, at instant: String) -> OwnNotices {
        register.ownNotices(of: Principal(.person(person, via: "hall")), at: Instant(instant)!)
    }

    @Test("Somebody's own notices are those to their name, to the posts for which they act on the day, and to their office")
    func own() {
        let register = Self.register { register in
            register.substitutions["march"] = Substitution(
                id: "march", post: "leader", by: "bureau-head", from: Day("2026-03-02")!, to: Day("2026-03-04")!)
        }
        // The day is that of Shanghai: it begins at 16:00 by UTC.
        for (person, instant, names) in [
            ("otto" as PersonID, "2026-03-02T01:00:00Z", ["otto", "officer", "office permits"] as Set),
            ("bela", "2026-03-01T15:59:59Z", ["bela", "bureau-head"]), ("bela", "2026-03-01T16:00:00Z", ["bela", "bureau-head", "leader"]),
            ("bela", "2026-03-03T16:00:00Z", ["bela", "bureau-head"]), ("lena", "2026-03-01T15:59:59Z", ["lena", "leader"]),
            ("lena", "2026-03-01T16:00:00Z", ["lena"]), ("nobody", "2026-03-02T01:00:00Z", ["nobody"]),
        ] {
            #expect(Self.own(person, register, at: instant) == OwnNotices(names: names), "\(person) at \(instant)")
        }
        for principal in [Principal.clock, .catalog, Principal(.user(0), isAdmin: true), Principal(.file(CaseID(1)))] {
            #expect(register.ownNotices(of: principal, at: Instant(seconds: 0)) == OwnNotices(), "\(principal.name)")
        }
    }

    @Test("No applicant's id is taken for a person's name, nor the other way round")
    func applicants() {
        let register = Self.register { register in
            register.persons["otto"] = Person(id: "otto", name: "Otto", identities: ["91-O"])
        }
        let hall = register.ownNotices(of: Principal(.service("hall")), at: Instant(seconds: 0))
        let otto = Self.own("otto", register, at: "2026-03-02T01:00:00Z")
        for (addressee, recipient, isOttos, isHalls) in [
            (Addressee.handler, "otto", true, false), (.applicant, "otto", false, true), (.applicant, "91-O", true, true),
            (.handler, "91-O", false, false), (.leader, "officer", true, false), (.officeHead, "office permits", true, false),
            (.leader, "lena", false, false), (.applicant, "officer", false, true),
        ] {
            let notice = Notice(addressee: addressee, recipient: recipient)
            #expect(otto.covers(notice) == isOttos && hall.covers(notice) == isHalls, "\(addressee) \(recipient)")
        }
    }

    @Test("What a catalogue changes is told to whoever acts for a post on the day of the calendars, and not on that of UTC")
    func changes() {
        let register = Self.register { register in
            register.substitutions["march"] = Substitution(
                id: "march", post: "commissioner", by: "bureau-head", from: Day("2026-03-02")!, to: Day("2026-03-04")!)
        }
        for (instant, recipient) in [
            ("2026-03-01T15:59:59Z", "cora"), ("2026-03-01T16:00:00Z", "bela"), ("2026-03-03T15:59:59Z", "bela"),
            ("2026-03-03T16:00:00Z", "cora"),
        ] {
            let told = register.noticesOfChange(from: register, at: Instant(instant)!)
            #expect(told.filter { $0.addressee == .commissioner }.map(\.recipient) == [recipient], "\(instant)")
        }
    }

    @Test("Whoever audits and may agree to a change besides is told of it once")
    func auditorAndConfirmer() {
        let both = Self.register { register in
            register.posts["auditor"] = Post(id: "auditor", name: "Auditor", office: nil, holder: "ada", isAuditing: true, duties: [])
            register.posts["second"] = Post(id: "second", name: "Second", office: nil, holder: "ada", isConfirming: true, duties: [])
            register.posts["third"] = Post(id: "third", name: "Third", office: nil, holder: "nell", isConfirming: true, duties: [])
        }
        let told = both.noticesOfChange(from: both, at: Instant("2026-03-02T01:00:00Z")!)
        #expect(told.filter { $0.recipient == "ada" }.map(\.addressee) == [.auditor])
        #expect(told.filter { $0.recipient == "nell" }.map(\.addressee) == [.confirmer])
    }

    @Test("A recipient has the name that the catalogue has for them, and none where it has nobody of that name")
    func names() {
        for (recipient, name) in [
            ("otto", "Otto"), ("leader", "Leader"), ("office permits", "Permit office"), ("office none", nil), ("gone", nil), ("", nil),
        ] as [(String, String?)] {
            #expect(Office.register.name(ofRecipient: recipient) == name, "\(recipient)")
        }
    }
}
