import CaseCore
import CaseTesting
import Dispatch
import Synchronization
import Testing

@testable import CaseEngine

/// Names of users, from a directory that may be slow or away.
@Suite("Names of users")
struct UserNamesTests {
    @Test("While a look-up hangs nobody waits who carries out requests; all who connect wait for the same one")
    func slow() async {
        let release = DispatchSemaphore(value: 0)
        let askedCount = Mutex(0)
        let names = UserNames<UInt32>(knownFor: .seconds(600)) { uid in
            askedCount.withLock { $0 += 1 }
            release.wait()
            return "user-\(uid)"
        }
        // These return although the directory does not answer.
        for _ in 0..<3 { #expect(names.name(of: 7) == nil) }
        await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask { await withCheckedContinuation { continuation in names.learn(7) { continuation.resume() } } }
            }
            // Whoever else connects does not wait for them.
            group.addTask {
                let other = UserNames<UInt32> { _ in "other" }
                await withCheckedContinuation { continuation in other.learn(8) { continuation.resume() } }
                release.signal()
            }
        }
        #expect(names.name(of: 7) == "user-7")
        #expect(askedCount.withLock { $0 } == 1)
        await withCheckedContinuation { continuation in names.learn(7) { continuation.resume() } }
        #expect(askedCount.withLock { $0 } == 1, "what is known is not asked again")
    }

    @Test("Whoever's account is in the group of admins administers the server, over whatever connection")
    func groups() async throws {
        let names = UserNames<UInt32>(groups: { $0 == 7 ? [100, 4] : [100] }) { "user-\($0)" }
        let book = PrincipalBook(try CatalogBook(MemoryStore()), names: names)
        for uid in [7, 8] as [UInt32] {
            await withCheckedContinuation { continuation in book.learn(Peer(uid: uid)) { continuation.resume() } }
        }
        for group in [nil, 4, 5] as [UInt32?] {
            book.admit(adminGroup: group)
            let principals = try [7, 8].map { try book.principal(of: Peer(uid: $0), acting: nil) }
            #expect(principals.map(\.administers) == [group == 4, false])
            #expect(principals.allSatisfy { !$0.isAdmin }, "a connection without the group gives no power")
        }
        #expect(Account.named("root")?.groups.contains(0) == true, "the machine says so of root")
    }

    @Test("A person whose unix user is in the group of admins administers the server, whoever speaks for them; root is never another")
    func spokenFor() async throws {
        let numbers = UserNames<UInt32>(groups: { $0 == 7 ? [4] : [] }) { "user-\($0)" }
        let named = UserNames<String>(groups: { $0 == "nell" ? [4] : [] }) { $0 }
        let catalogs = try CatalogBook(MemoryStore())
        var register = Register()
        for person in ["a", "b", "c", "d"] as [PersonID] { register.persons[person] = Person(id: person, name: "", identities: []) }
        for (user, person) in [("7", "a"), ("8", "b"), ("nell", "c"), ("root", "d")] {
            register.users[Identifier(user)] = User(id: Identifier(user), binding: .person(PersonID(person)))
        }
        catalogs.install(register, as: 1, inForce: register, history: CatalogHistory())
        let book = PrincipalBook(catalogs, names: numbers, named: named)
        await withCheckedContinuation { continuation in numbers.learn(7) { continuation.resume() } }
        await withCheckedContinuation { continuation in named.learn("nell") { continuation.resume() } }
        for group in [nil, 4] as [UInt32?] {
            book.admit(adminGroup: group)
            let found = ["a", "b", "c", "d"].map { book.administers(PersonID($0)) }
            #expect(found == [group == 4, false, group == 4, true])
        }
    }

    @Test("A look-up that failed is made again, and what was known stays known meanwhile")
    func failed() async {
        let answers = Mutex<[String?]>([nil, nil, "otto"])
        let names = UserNames<UInt32>(unknownFor: .zero) { _ in answers.withLock { $0.isEmpty ? "otto" : $0.removeFirst() } }
        while names.name(of: 7) == nil { await withCheckedContinuation { continuation in names.learn(7) { continuation.resume() } } }
        #expect(names.name(of: 7) == "otto")
        #expect(answers.withLock { $0.isEmpty })
    }

    @Test("A user is bound on one node before all, by name or number, and nobody by two; elsewhere that says nothing")
    func nodes() async throws {
        let catalogs = try CatalogBook(MemoryStore())
        var register = Register()
        for (user, person) in [
            ("7", "a"), ("7@n1", "b"), ("nell@n2", "c"), ("8@n1", "d"), ("nell@n1", "e"), ("9@n1", "f"), ("ada@n1", "g"),
        ] {
            register.persons[PersonID(person)] = Person(id: PersonID(person), name: "", identities: [])
            register.users[Identifier(user)] = User(id: Identifier(user), binding: .person(PersonID(person)))
        }
        catalogs.install(register, as: 1, inForce: register, history: CatalogHistory())
        for (node, persons) in [("n1", ["b", "uid:8", "uid:9"]), ("n2", ["a", "c", "uid:9"]), (nil, ["a", "uid:8", "uid:9"])] {
            let names = UserNames<UInt32>(groups: { _ in [] }) { [7: "otto", 8: "nell", 9: "ada"][$0] }
            let book = PrincipalBook(catalogs, node: node, names: names)
            var found: [String] = []
            for uid in [7, 8, 9] as [UInt32] {
                await withCheckedContinuation { continuation in book.learn(Peer(uid: uid)) { continuation.resume() } }
                found.append(try book.principal(of: Peer(uid: uid), acting: nil).name)
            }
            #expect(found == persons, "on \(node ?? "none")")
        }
    }
}
