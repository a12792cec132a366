import WorkingTime

/// What a word without quotes stands for: a flag, a number, a day or an instant.
enum TOMLWord {
    /// What a word without quotes stands for; nil where it is none.
    static func value(of text: String) -> TOMLValue? {
        if let flag = Bool(text) { return .boolean(flag) }
        if let number = integer(text) { return .integer(number) }
        if isFloat(text) { return Double(text.filter { $0 != "_" }).map { .float($0) } }
        if isDay(text) { return Day(text).map { .day($0) } }
        return isDate(text) ? .time(text) : nil
    }

    private static func integer(_ text: String) -> Int64? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            return plainDigits(text.dropFirst(2), radix: radix).flatMap { Int64($0, radix: radix) }
        }
        let sign = text.hasPrefix("-") ? "-" : ""
        guard let digits = plainDigits(text.dropFirst(text.hasPrefix("+") || text.hasPrefix("-") ? 1 : 0), radix: 10) else { return nil }
        return digits == "0" || !digits.hasPrefix("0") ? Int64(sign + digits) : nil
    }

    /// The digits without the underscores that may stand between two of them; nil where it is anything else.
    private static func plainDigits(_ text: Substring, radix: Int) -> String? {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        let isWhole = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < radix } ?? false }
        }
        return isWhole ? parts.joined() : nil
    }

    private static func isFloat(_ text: String) -> Bool {
        let unsigned = text.dropFirst(text.hasPrefix("+") || text.hasPrefix("-") ? 1 : 0)
        if unsigned == "inf" || unsigned == "nan" { return true }
        let parts = unsigned.split(separator: "e", omittingEmptySubsequences: false).flatMap {
            $0.split(separator: "E", omittingEmptySubsequences: false)
        }
        guard (1...2).contains(parts.count), unsigned.count <= 64 else { return false }
        if parts.count == 2 {
            let exponent = parts[1].dropFirst(parts[1].hasPrefix("+") || parts[1].hasPrefix("-") ? 1 : 0)
            guard let digits = plainDigits(exponent, radix: 10), digits.count <= 3 else { return false }
        }
        let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count == 2 || halves.count == 1 && parts.count == 2, let whole = plainDigits(halves[0], radix: 10),
            whole == "0" || !whole.hasPrefix("0")
        else { return false }
        return halves.count == 1 || plainDigits(halves[1], radix: 10) != nil
    }

    private static func isDate(_ text: String) -> Bool {
        if isDay(text) || isTime(text) { return true }
        guard text.utf8.count > 11, isDay(String(text.prefix(10))), "Tt".contains(text.dropFirst(10).first!) else { return false }
        let rest = text.dropFirst(11)
        if isTime(String(rest)) { return true }
        if let last = rest.last, "Zz".contains(last) { return isTime(String(rest.dropLast())) }
        guard rest.utf8.count > 6 else { return false }
        let offset = rest.suffix(6)
        return "+-".contains(offset.first!) && isTime(offset.dropFirst() + ":00") && isTime(String(rest.dropLast(6)))
    }

    static func isDay(_ text: String) -> Bool {
        text.utf8.count == 10 && Day(text) != nil
    }

    /// `HH:MM:SS`, with a fraction of up to nine digits.
    private static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 8, bytes[2] == UInt8(ascii: ":"), bytes[5] == UInt8(ascii: ":") else { return false }
        func number(_ place: Int) -> Int? { Int(String(decoding: bytes[place..<place + 2], as: UTF8.self)) }
        let isPlain = [0, 1, 3, 4, 6, 7].allSatisfy { (0x30...0x39).contains(bytes[$0]) }
        guard isPlain, let hour = number(0), let minute = number(3), let second = number(6), hour < 24, minute < 60, second < 60 else {
            return false
        }
        guard bytes.count > 8 else { return true }
        return bytes[8] == UInt8(ascii: ".") && (10...18).contains(bytes.count) && bytes[9...].allSatisfy { (0x30...0x39).contains($0) }
    }
}
