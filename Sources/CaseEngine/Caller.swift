import CaseWire

/// Who waits for an answer: whether they still do, and how to tell them meanwhile how far it is.
package struct Caller: Sendable {
    /// The request; nil for a notification, or for nobody who could be told anything.
    private let request: RequestID?
    private let isWaiting: @Sendable () -> Bool
    private let send: @Sendable ([UInt8]) -> Void

    /// - Parameters:
    ///   - isWaiting: whether an answer is still wanted.
    ///   - send: brings a line to the caller, or leaves it out where they have no room for it.
    package init(_ request: RequestID?, isWaiting: @escaping @Sendable () -> Bool, send: @escaping @Sendable ([UInt8]) -> Void) {
        self.request = request
        self.isWaiting = isWaiting
        self.send = send
    }

    /// Somebody who waits for ever and wants to hear nothing but the answer.
    package static let patient = Caller(nil, isWaiting: { true }, send: { _ in })

    /// The same, who wants to hear nothing but the answer.
    var quiet: Caller {
        Caller(nil, isWaiting: isWaiting, send: { _ in })
    }

    /// To be asked between the parts of a long answer.
    ///
    /// - Throws: where nobody waits for it any more.
    func stay() throws(WireError) {
        guard isWaiting() else { throw WireError(.draining, "nobody waits for this answer any more", hint: "try again") }
    }

    /// Tells how many of the cases have been looked at.
    func tell(_ count: Int, of total: Int) {
        guard let request else { return }
        send(progressBytes(request, count, of: total))
    }
}
