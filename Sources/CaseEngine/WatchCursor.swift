/// A place in the journal of one store, opaque to clients. It outlives restarts; in another store it means nothing.
struct WatchCursor: Equatable, LosslessStringConvertible {
    let epoch: String
    let seq: Int64

    init(epoch: String, seq: Int64) {
        self.epoch = epoch
        self.seq = seq
    }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts[0].isEmpty, let seq = Int64(parts[1]), seq >= 0, "\(seq)" == parts[1] else {
            return nil
        }
        self.init(epoch: parts[0], seq: seq)
    }

    var description: String {
        "\(epoch).\(seq)"
    }
}
