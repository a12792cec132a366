import CaseEngine
import Evidence
import Testing

@Suite("Salts")
struct SaltTests {
    @Test("A salt is given out once, however many are asked for at once")
    func once() async {
        let salts = await withTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<4 { group.addTask { (0..<1000).map { _ in Salts.next() } } }
            return await group.reduce(into: [[UInt8]]()) { $0 += $1 }
        }
        #expect(Set(salts).count == salts.count && salts.allSatisfy { $0.count == Opening.saltLength })
    }
}
