/// Why a note, a checkpoint or a proof is not believed.
package enum NoteFault: Error, Hashable {
    /// It is not of the form; which part is not, in a few words for a log.
    case malformed(String)
    /// No known key has signed it.
    case unsigned
    /// A signature under the name of a known key was not made by that key, or the text is another one.
    case forged(key: String)
    /// It is of another log.
    case foreign(origin: String)
    /// Fewer witnesses than are asked for have signed it.
    case unwitnessed(found: Int, needed: Int)
    /// The entry does not stand at that place in the tree that was signed.
    case excluded
}
