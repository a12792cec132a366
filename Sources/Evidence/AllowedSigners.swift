import WorkingTime

/// Whose signatures are believed, for what and when: the lines of an `allowed_signers` file (ssh-keygen(1), ALLOWED SIGNERS).
///
/// `ssh-keygen -Y verify -f FILE -I PRINCIPAL -n NAMESPACE -O verify-time=…` asks such a file. Validity is written in UTC with a `Z`, which
/// OpenSSH understands since 9.1; older ones (8.2 to 9.0) refuse the line, so that nothing is taken at a wrong hour.
package struct AllowedSigners: Equatable, Sendable {
    package var signers: [AllowedSigner]

    package init(_ signers: [AllowedSigner] = []) {
        self.signers = signers
    }

    /// The file: a line for each signer, in their order.
    package var text: String {
        signers.map { "\($0)\n" }.joined()
    }

    /// Reads what `text` writes, and beside it empty lines, lines that begin with `#`, and comments behind keys.
    ///
    /// - Returns: nil where there is a line that is read otherwise by OpenSSH than here: patterns, authorities, hours of unknown zones.
    package init?(text: String) {
        signers = []
        for line in text.utf8.split(separator: 10, omittingEmptySubsequences: true) where line.first != UInt8(ascii: "#") {
            guard let line = String(line), let signer = AllowedSigner(line) else { return nil }
            signers.append(signer)
        }
    }

    /// Whether somebody may sign for a purpose with that key at that time.
    package func allows(_ key: SSHPublicKey, principal: String, namespace: String, at instant: Instant) -> Bool {
        signers.contains { $0.key == key && $0.allows(principal: principal, namespace: namespace, at: instant) }
    }
}

/// One key, and for whom, for what and when it counts.
package struct AllowedSigner: Equatable, Sendable {
    /// Who signs with it: at least one name.
    package let principals: [String]
    /// For what; empty where it is for anything.
    package let namespaces: [String]
    /// From when on; nil where it was always valid. Whole seconds, from 1970 on.
    package let validFrom: Instant?
    /// Until when, that instant not included; nil where there is no end.
    package let validUntil: Instant?
    package let key: SSHPublicKey

    /// Instants are rounded up to whole seconds, which is all that the file can say.
    ///
    /// - Returns: nil where a name could not be written so that it means itself alone, or the key is valid for less than two seconds.
    package init?(
        principals: [String], namespaces: [String] = [], validFrom: Instant? = nil, validUntil: Instant? = nil, key: SSHPublicKey
    ) {
        guard !principals.isEmpty, (principals + namespaces).allSatisfy(AllowedSigner.isName) else { return nil }
        let from = validFrom.map(AllowedSigner.secondsUp).flatMap { $0 > 0 ? $0 : nil }
        // What is valid to the end of time has no end.
        let until = validUntil.map(AllowedSigner.secondsUp).flatMap { Instant(seconds: $0).milliseconds == $0 * 1000 ? $0 : nil }
        if let until {
            // The last second that counts; for OpenSSH it has to lie behind the first, and behind that of 1970.
            guard until - 1 > from ?? 0 else { return nil }
        }
        self.principals = principals
        self.namespaces = namespaces
        self.validFrom = from.map { Instant(seconds: $0) }
        self.validUntil = until.map { Instant(seconds: $0) }
        self.key = key
    }

    private static func secondsUp(_ instant: Instant) -> Int64 {
        let (seconds, rest) = instant.milliseconds.quotientAndRemainder(dividingBy: 1000)
        return rest > 0 ? seconds + 1 : seconds
    }

    /// No pattern, no list, and nothing that ends a field.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.utf8.contains { $0 <= 0x20 || $0 == 0x7F || "\"',*?!#\\".utf8.contains($0) }
    }

    /// Whether the key counts for somebody and a purpose at a time. Names are the same where their bytes are.
    package func allows(principal: String, namespace: String, at instant: Instant) -> Bool {
        principals.contains { $0.utf8.elementsEqual(principal.utf8) }
            && (namespaces.isEmpty || namespaces.contains { $0.utf8.elementsEqual(namespace.utf8) })
            && validFrom.map { $0 <= instant } ?? true && validUntil.map { instant < $0 } ?? true
    }
}

extension AllowedSigner: LosslessStringConvertible {
    /// Such as `office-1 namespaces="decision@example",valid-after="20260101000000Z",valid-before="20261231235959Z" ssh-ed25519 AAAA…`.
    /// The second of `valid-before` still counts, so it is the last one before `validUntil`.
    package var description: String {
        var options: [String] = []
        if !namespaces.isEmpty { options.append("namespaces=\"\(namespaces.joined(separator: ","))\"") }
        if let validFrom { options.append("valid-after=\"\(AllowedSigner.stamp(validFrom))\"") }
        if let validUntil { options.append("valid-before=\"\(AllowedSigner.stamp(validUntil.advanced(byMilliseconds: -1000)))\"") }
        return ([principals.joined(separator: ",")] + (options.isEmpty ? [] : [options.joined(separator: ",")]) + [key.description])
            .joined(separator: " ")
    }

    /// Reads a line of the form of `description`, with a comment behind it or none. Nil for any other line.
    package init?(_ line: String) {
        let fields = line.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard fields.count == 2, var names = AllowedSigner.names(fields[0]) else { return nil }
        let principals = names
        var (rest, from, until): (Substring.UTF8View, Instant?, Instant?) = (fields[1], nil, nil)
        names = []
        if !SSHPublicKey.names.contains(where: { rest.starts(with: "\($0) ".utf8) }) {
            let parts = rest.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard parts.count == 2, let options = AllowedSigner.options(parts[0]) else { return nil }
            rest = parts[1]
            for (name, value) in options {
                switch name {
                case "namespaces":
                    guard let namespaces = AllowedSigner.names(value) else { return nil }
                    names = namespaces
                case "valid-after":
                    guard let instant = AllowedSigner.instant(value) else { return nil }
                    from = instant
                case "valid-before":
                    guard let instant = AllowedSigner.instant(value) else { return nil }
                    until = instant.advanced(byMilliseconds: 1000)
                default:
                    return nil
                }
            }
        }
        guard let key = String(rest).flatMap({ try? SSHPublicKey(line: $0) }) else { return nil }
        self.init(principals: principals, namespaces: names, validFrom: from, validUntil: until, key: key)
    }

    private static func names(_ list: Substring.UTF8View) -> [String]? {
        let parts = list.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        let names = parts.compactMap { String($0) }
        return names.count == parts.count ? names : nil
    }

    /// What stands in `name="value"` between commas outside quotes; nil where that is not all, or a name stands twice.
    private static func options(_ text: Substring.UTF8View) -> [(name: String, value: Substring.UTF8View)]? {
        let quote = UInt8(ascii: "\"")
        var isQuoted = false
        let parts = text.split(omittingEmptySubsequences: false) { byte in
            if byte == quote { isQuoted.toggle() }
            return byte == UInt8(ascii: ",") && !isQuoted
        }
        var options: [(name: String, value: Substring.UTF8View)] = []
        for part in parts {
            let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let name = String(halves[0]), !options.contains(where: { $0.name == name }), halves[1].count >= 2,
                halves[1].first == quote, halves[1].last == quote
            else { return nil }
            options.append((name, halves[1].dropFirst().dropLast()))
        }
        return options
    }

    /// `YYYYMMDDHHMMSSZ`.
    private static func stamp(_ instant: Instant) -> String {
        String(instant.description.prefix(19).filter(\.isNumber)) + "Z"
    }

    private static func instant(_ stamp: Substring.UTF8View) -> Instant? {
        let digits = Array(stamp)
        guard digits.count == 15 else { return nil }
        func part(_ range: Range<Int>) -> String {
            String(decoding: digits[range], as: UTF8.self)
        }
        let instant = Instant(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))\(part(14..<15))")
        return instant.flatMap { AllowedSigner.stamp($0).utf8.elementsEqual(stamp) ? $0 : nil }
    }
}
