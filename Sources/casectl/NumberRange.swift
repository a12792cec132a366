import ArgumentParser

/// Which numbers an option takes. What lies outside is refused before anybody is asked, so that nothing is reckoned with it.
func require(_ number: (some FixedWidthInteger)?, of option: String, from least: Int, through greatest: Int = .max) throws {
    guard let number, number < least || number > greatest else { return }
    throw ValidationError("\(option) \(number): " + (greatest == .max ? "at least \(least)" : "\(least) to \(greatest)"))
}
