/// What personal data says once it was erased.
package enum Erased {
    package static let text = "erased"
}
