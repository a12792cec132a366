/// For whom this thread reads: a store ends what nobody waits for any more.
package final class ReadTurn: Sendable {
    @TaskLocal private static var current: ReadTurn?

    private let isStillWanted: @Sendable () -> Bool

    /// - Parameter isWanted: asked again and again while something long is read.
    package init(isWanted: @escaping @Sendable () -> Bool) {
        isStillWanted = isWanted
    }

    /// Whether what this thread reads is still waited for; it is where nobody has said otherwise.
    package static var isWanted: Bool {
        current?.isStillWanted() ?? true
    }

    package func run(_ body: () -> Void) {
        ReadTurn.$current.withValue(self, operation: body)
    }
}
