import HummingbirdCore
import NIOCore

/// The body of a request for readers that come one after the other: each goes on where the one before it has stopped. Hummingbird's own can be
/// read by one only.
final class ContinuedBody: AsyncSequence, Sendable {
    /// One task answers a request, and reads its body.
    private nonisolated(unsafe) var rest: RequestBody.AsyncIterator

    init(_ body: RequestBody) {
        rest = body.makeAsyncIterator()
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(body: self)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let body: ContinuedBody

        /// - Returns: nil at the end of the body.
        func next() async throws -> ByteBuffer? {
            var rest = body.rest
            defer { body.rest = rest }
            return try await rest.next()
        }
    }
}
