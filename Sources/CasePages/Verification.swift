import CaseWire

/// How somebody checks a signature with ssh-keygen alone.
package enum Verification {
    /// What of a decision is signed: the seal of the office, and the signatures of persons.
    package static func signed(_ result: JSONValue) -> [JSONValue] {
        [result["seal"]].compactMap { $0?.members == nil ? nil : $0 } + (result["signatures"]?.array ?? [])
    }

    package static func commands(_ signed: JSONValue, _ result: JSONValue) -> [String] {
        let file = result.cell("case") ?? ""
        let namespace = signed.cell("namespace") ?? ""
        let purpose = signed.cell("by") == nil ? "" : " --purpose \(namespace)"
        let principal = signed.cell("by") ?? result.cell("office") ?? ""
        return [
            "casectl evidence signers > allowed_signers", "casectl decision \(file)\(purpose) --statement > statement",
            "casectl decision \(file)\(purpose) --signature > statement.sig",
            command(signed, by: principal, for: namespace),
        ]
    }

    /// Checks the files `statement` and `statement.sig` by the keys in `allowed_signers`.
    package static func command(_ signed: JSONValue, by principal: String, for namespace: String) -> String {
        "ssh-keygen -Y verify -f allowed_signers -I \(principal) -n \(namespace) -O verify-time=\(time(signed)) -s statement.sig < statement"
    }

    /// When it was signed, as it says itself.
    private static func time(_ signed: JSONValue) -> String {
        let lines = (signed.cell("statement") ?? "").split(separator: "\n")
        let instant = lines.last { $0.hasPrefix("at: ") || $0.hasPrefix("signed-at: ") } ?? ""
        return String(instant.filter { $0.isASCII && $0.isNumber }.prefix(14)) + "Z"
    }
}
