import WorkingTime

/// The case is drawn for inspection.
package struct Draw: CaseCommand {
    package var draw: String
    /// For which post.
    package var post: PostID

    package init(_ draw: String, for post: PostID) {
        self.draw = draw
        self.post = post
    }

    package static let declaration = Declaration(
        "draw", "A draw that was announced takes the case for inspection.", by: [.clock], .staying(in: State.closed), involvement: [])

    package func decide(on file: CaseFile, _ draft: inout Draft) throws(Refusal) -> Drawn {
        let register = draft.terms.register
        // Where the post is gone since the word was given, the one that succeeds it inspects, or whoever supervised the case.
        let post = register.posts(actingFor: post, at: file.closedAt).min() ?? file.assignment(in: register).commissioner
        let addressee: Addressee = register.posts[post]?.isAuditing == true ? .auditor : .commissioner
        for recipient in register.recipients(for: post, on: draft.terms.calendar.zone.day(of: draft.now)) {
            draft.tell(addressee, recipient)
        }
        return Drawn(draw, for: self.post)
    }
}

package struct Drawn: Change {
    package var draw: String
    package var post: PostID

    package init(_ draw: String, for post: PostID) {
        self.draw = draw
        self.post = post
    }

    package static let name = "drawn"
    package static let isInternal = true
    package static let members = Members<Drawn>(
        Member("draw", \.draw, "the draw"), Member("post", \.post, "for which post"), make: { Drawn($0, for: $1) })

    package func apply(to file: inout CaseFile, by author: String, at instant: Instant) {
        file.selection.add(draw, for: post)
    }
}

extension CaseFile {
    /// The draws that took the case.
    package struct Selection: Equatable, Sendable {
        package private(set) var draws: [String]
        /// For whom: whoever draws a case inspects it, whoever supervised it when it was closed.
        package private(set) var posts: Set<PostID>

        /// More are not kept: a catalogue announces no more, and a case is closed in one period of each.
        private static let limit = InspectionDraw.limit

        package init(_ draws: [String] = [], for posts: Set<PostID> = []) {
            (self.draws, self.posts) = (draws, posts)
        }

        mutating func add(_ draw: String, for post: PostID) {
            draws.append(draw)
            draws = draws.suffix(Selection.limit)
            if posts.count < Selection.limit { posts.insert(post) }
        }

        /// Those that are there, and do not audit: an auditor inspects everything.
        ///
        /// - Parameter closedAt: when the case was closed: a post that has the name of one of them since then is another one.
        func supervising(in register: Register, at closedAt: Instant?) -> [PostID] {
            Set(posts.flatMap { register.posts(actingFor: $0, at: closedAt) }).filter { register.posts[$0]?.isAuditing == false }.sorted()
        }
    }
}

extension CaseFile.Selection: Described {
    package static let members = Members<CaseFile.Selection>(
        Member("draws", \.draws, unless: [], "the draws that took it for inspection"),
        Member("draw_posts", \.posts, unless: [], "for which posts"), make: { CaseFile.Selection($0, for: $1) })
}
