import CasePages
import Hummingbird

/// Something that is shown, and changes nothing.
typealias Show = @Sendable (Visit) async throws(DaemonTrouble) -> Answer

/// A form: it is shown, and what was typed is taken. Before `take` is asked, the form has come whole, from a page that this visitor was shown.
protocol FormPage: Sendable {
    /// - Parameter form: what was typed before, with what is wrong with it; empty at first. All of it is shown again.
    func show(_ visit: Visit, _ form: Form) async throws(DaemonTrouble) -> Answer

    /// Does what the form asks for. Where something is wrong with it, says so in the form and answers nothing: it is shown again. The same where
    /// cased does not answer.
    func take(_ visit: Visit, _ form: inout Form) async throws(DaemonTrouble) -> Answer?

    /// Whether files come with it. Then those that are not kept are errors of the form beside their fields, when `take` is asked.
    var takesFiles: Bool { get }
}

extension FormPage {
    var takesFiles: Bool { false }
}

/// What there is by which path.
struct Routes: Sendable {
    enum Target: Sendable {
        case show(Show)
        case form(any FormPage)
    }

    enum Match {
        case found(Target, parameters: [String: String])
        case missing
    }

    private struct Route {
        let parts: [String]
        let target: Target
    }

    private var routes: [Route] = []

    /// - Parameter pattern: parts of a path; one such as `{matter}` stands for any, and the first route that fits counts.
    mutating func add(_ pattern: String, _ target: Target) {
        routes.append(Route(parts: Routes.parts(pattern), target: target))
    }

    /// - Parameter path: as it was sent.
    func match(_ path: String) -> Match {
        let parts = Routes.parts(path)
        for route in routes where route.parts.count == parts.count {
            var parameters: [String: String] = [:]
            let fits = zip(route.parts, parts).allSatisfy { pattern, part in
                guard pattern.hasPrefix("{") else { return pattern == part }
                guard let text = PercentEncoding.decoded(Array(part.utf8), plusIsSpace: false), !text.isEmpty else { return false }
                parameters[String(pattern.dropFirst().dropLast())] = text
                return true
            }
            if fits { return .found(route.target, parameters: parameters) }
        }
        return .missing
    }

    private static func parts(_ path: String) -> [String] {
        path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
    }
}
