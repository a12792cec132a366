import Testing
import WorkingTime

@testable import casectl

/// What follows from a hand-over, whatever the program is and wherever the place is kept.
@Suite("The course of a delivery")
struct DeliveryCourseTests {
    private typealias Told = DeliveryCourse.Told
    private typealias Waiting = DeliveryPlace.Waiting

    private static let start = Instant("2026-02-06T01:00:00Z")!
    private static let day: Int64 = 86_400_000
    private static let limit = 3 * day

    private static func told(_ seq: Int64, _ key: String = "lena", at: Instant? = start) -> Told {
        Told(seq: seq, key: key, at: at)
    }

    private static func course(
        after: Int64 = 10, waiting: [String: Waiting] = [:], at now: Instant = start, proven: Bool = false
    ) -> DeliveryCourse {
        var course = DeliveryCourse(from: DeliveryPlace(after: after, at: start, waiting: waiting), at: now, limit: limit)
        if proven { _ = course.record(.taken, ofNew: told(after, "somebody")) }
        return course
    }

    @Test("A new notice that is taken is done with; one that fails waits with its recipient, and the place is behind both")
    func new() {
        for (outcome, isProven, step, isWaiting, count) in [
            (.taken, false, .keep, false, 1), (.taken, true, .keep, false, 2), (.failed("no"), false, .keep, true, 0),
            (.failed("no"), true, .keep, true, 1), (.unusable(127), false, .hold, true, 0), (.unusable(126), true, .keep, true, 1),
        ] as [(DeliveryCourse.Outcome, Bool, DeliveryCourse.Step, Bool, Int)] {
            var course = Self.course(proven: isProven)
            let name = "\(outcome) \(isProven)"
            #expect(course.record(outcome, ofNew: Self.told(11)) == step, "\(name)")
            #expect(course.place.after == 11 && course.place.at == Self.start && course.handedOverCount == count, "\(name)")
            #expect(course.place.waiting["lena"] == (isWaiting ? Waiting(for: 11, at: Self.start) : nil), "\(name)")
            #expect(
                course.isNext(Self.told(12)) != isWaiting && course.isNext(Self.told(12, "otto")) && !course.isNext(Self.told(11, "otto")))
            // What was held is said once it is known to be theirs.
            #expect(course.takeSentences().count == (isWaiting && step != .hold ? 1 : 0), "\(name)")
        }
    }

    @Test(
        "A command that could be run for nobody ends the run, at once after three; one that runs for somebody makes it the others' failure")
    func unusable() {
        var course = Self.course()
        #expect(course.record(.unusable(127), ofNew: Self.told(11, "a")) == .hold && course.obstacle != nil)
        #expect(course.record(.unusable(127), ofNew: Self.told(12, "b")) == .hold)
        var other = course
        #expect(course.record(.unusable(127), ofNew: Self.told(13, "c")) == .end("the command cannot be run (127)"))
        #expect(other.record(.failed("no"), ofNew: Self.told(13, "c")) == .keep && other.obstacle == nil)
        #expect(other.takeSentences().count == 3 && other.place.waiting.count == 3 && other.place.after == 13)
    }

    @Test("So many recipients can wait and no more: then the way itself is broken, and the place stays before the one that was the last")
    func full() {
        let waiting = Dictionary((1..<DeliveryCourse.waitingLimit).map { ("r\($0)", Waiting(for: 1, at: Self.start)) }) { $1 }
        var course = Self.course(waiting: waiting, proven: true)
        #expect(!course.isFull && course.record(.failed("no"), ofNew: Self.told(11)) == .keep && course.isFull)
        for outcome in [.failed("no"), .unusable(127)] as [DeliveryCourse.Outcome] {
            guard case .end(let reason) = course.record(outcome, ofNew: Self.told(12, "otto")) else { return #expect(Bool(false)) }
            #expect(reason.hasPrefix("1000 recipients cannot be reached") && course.place.after == 11)
        }
        #expect(course.record(.taken, ofNew: Self.told(12, "otto")) == .keep && course.place.after == 12)
    }

    @Test("It is tried again after a minute, then after twice as long each time, and at most an hour, however often it fails")
    func pauses() {
        var waiting = Waiting(for: 5, at: Self.start)
        var pauses = [waiting.next - Self.start]
        for _ in 0..<7 {
            waiting.fail(at: Self.start)
            pauses.append(waiting.next - Self.start)
        }
        #expect(pauses.map { $0 / 60_000 } == [1, 2, 4, 8, 16, 32, 60, 60] && waiting.failures == 8)
        waiting = Waiting(after: 4, failures: .max, since: Self.start, next: Self.start)
        waiting.fail(at: Self.start)
        #expect(waiting.next - Self.start == 3_600_000)
    }

    @Test("Whoever waits is tried once it is time; what is taken frees what follows, and what fails ends the try")
    func again() {
        let waiting = Waiting(for: 5, at: Self.start)
        #expect(Self.course(waiting: ["lena": waiting]).due.isEmpty)
        let later = Self.start.advanced(byMilliseconds: 60_000)
        var course = Self.course(waiting: ["lena": waiting, "ada": waiting], at: later)
        #expect(course.due == ["ada", "lena"])
        var retry = course.retry("lena")!
        #expect(course.record(.taken, of: [Self.told(5), Self.told(6)], in: &retry) == .keep && course.handedOverCount == 2)
        #expect(course.place.waiting["lena"] == Waiting(for: 7, at: later), "failures are counted anew")
        #expect(course.record(.failed("no"), of: [Self.told(7)], in: &retry) == .wait)
        #expect(course.place.waiting["lena"]!.after == 6 && course.place.waiting["lena"]!.failures == 2)
        #expect(course.place.after == 10, "the place of the others does not move")
        course.pass(9, in: &retry)
        #expect(course.place.waiting["lena"]!.after == 9)
        course.end(retry)
        #expect(course.place.waiting.keys.sorted() == ["ada"])
    }

    @Test("What was tried for its time is given up, those behind it that are as old without another try, and no younger one")
    func givingUp() {
        let late = Self.start.advanced(byMilliseconds: Self.limit)
        for (now, outcome, isProven, given, step) in [
            (late, .failed("no"), false, 2, .wait), (late.advanced(byMilliseconds: -1), .failed("no"), false, 0, .wait),
            (late, .unusable(127), true, 2, .wait), (late, .unusable(127), false, 0, .wait),
        ] as [(Instant, DeliveryCourse.Outcome, Bool, Int, DeliveryCourse.Step)] {
            var course = Self.course(waiting: ["lena": Waiting(for: 5, at: Self.start)], at: now, proven: isProven)
            var retry = course.retry("lena")!
            // One by one, and as a digest.
            let young = Self.told(7, at: now)
            var steps = [course.record(outcome, of: [Self.told(5)], in: &retry)]
            for told in [Self.told(6), young] where steps.last == .keep { steps.append(course.record(nil, of: [told], in: &retry)) }
            #expect(course.givenUpCount == given && steps.last == step, "\(now) \(outcome) \(isProven)")
            #expect(course.place.waiting["lena"]!.after == (given == 0 ? 4 : 6), "\(now) \(outcome)")
            var digest = Self.course(waiting: ["lena": Waiting(for: 5, at: Self.start)], at: now, proven: isProven)
            var whole = digest.retry("lena")!
            #expect(digest.record(outcome, of: [Self.told(5), Self.told(6), young], in: &whole) == .wait && digest.givenUpCount == given)
            #expect(digest.place == course.place, "\(now) \(outcome)")
        }
    }

    @Test("In another store it goes on behind what is younger, else behind the last, and nobody waits for what lies behind that")
    func otherStore() {
        let waiting = ["ada": Waiting(for: 3, at: Self.start), "lena": Waiting(for: 9, at: Self.start)]
        for (younger, last, after, at, waits) in [
            (7, nil, 6, nil, [2, 6]), (nil, Self.told(5), 5, Self.start, [2, 5]), (nil, nil, 0, nil, [0, 0]), (40, nil, 39, nil, [2, 8]),
        ] as [(Int64?, Told?, Int64, Instant?, [Int64])] {
            var course = Self.course(waiting: waiting)
            course.goOnInOtherStore(before: younger, last: last)
            #expect(course.place.after == after && course.place.at == at)
            #expect(["ada", "lena"].map { course.place.waiting[$0]!.after } == waits)
            #expect(course.takeSentences().first?.contains("behind notice \(after)") == true)
        }
    }

    @Test("A digest gathers what is new of each, is due at once, and fails as anything else does")
    func digest() {
        var course = Self.course()
        for told in [Self.told(11), Self.told(12, "otto"), Self.told(13)] { course.gather(told) }
        #expect(course.place.after == 13 && course.due == ["lena", "otto"] && course.place.waiting["lena"]!.after == 10)
        var retry = course.retry("lena")!
        #expect(course.record(.failed("no"), of: [Self.told(11), Self.told(13)], in: &retry) == .wait)
        #expect(course.due == ["otto"] && course.place.waiting["lena"]!.next - Self.start == 60_000)
    }
}
