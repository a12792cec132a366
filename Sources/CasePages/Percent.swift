/// A share of a thousand as people read it.
package enum Percent {
    package static func text(_ permille: Int64?) -> String? {
        permille.map { "\($0 / 10).\($0 % 10)%" }
    }
}
