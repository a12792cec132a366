/// A way to hand in a case, as it is recorded on each: one of these, or another that the matter names.
package enum Channel: String, CaseIterable, Sendable {
    case online, window, post
}

extension Terms {
    /// Refuses a submission in a way that the matter does not take. One that names no way takes all of them.
    func requireChannel(_ channel: String) throws(Refusal) {
        let taken = matter.guide.channels
        if !taken.isEmpty, !taken.contains(channel) { throw .channelUnknown(channel, taken) }
    }
}

extension Register {
    /// What is nearly the name of a usual way, and so would refuse what comes in that way.
    func channelViolations(of matter: Matter) -> [Violation] {
        let known = Channel.allCases.map(\.rawValue)
        return matter.guide.channels.filter { !known.contains($0) }.compactMap { channel in
            guard let meant = Likeness.nearest(channel, among: known) else { return nil }
            return Violation(
                path: ["matter", matter.id.raw, "channels"], rule: .channel,
                message: "\(matter.id) takes \"\(channel)\", and would refuse what comes in by \(meant)",
                mend: "did you mean \(meant)? A way of its own needs a name that is not nearly one of \(known.joined(separator: ", "))")
        }
    }
}
