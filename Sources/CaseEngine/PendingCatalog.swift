import CaseCore
import CaseStore
import CaseWire
import WorkingTime

/// A catalogue that was applied for a later day: a reorganisation that is decided and has not begun. Until then the present one
/// holds for everybody.
package struct PendingCatalog: Sendable, Equatable {
    package let effectiveAt: Instant
    package let by: String
    /// What was asked for, as `catalog.apply` takes it.
    let parameters: JSONValue
    /// Why it could not take effect at its time; it is tried again.
    package internal(set) var obstacle: String?

    static let settingName = "pending-catalog"

    init(effectiveAt: Instant, by: String, parameters: JSONValue) {
        self.effectiveAt = effectiveAt
        self.by = by
        self.parameters = parameters
    }

    /// As the store keeps it; empty where there is none.
    static func setting(_ pending: PendingCatalog?) -> String {
        guard let pending else { return "" }
        return String(
            decoding: JSONWriter.bytes { writer in
                writer.object { writer in
                    writer.member("effective", pending.effectiveAt)
                    writer.member("by", pending.by)
                    writer.key("parameters")
                    writer.value(pending.parameters)
                }
            }, as: UTF8.self)
    }

    /// Nil where the text is damaged.
    init?(setting: String) {
        guard let value = try? JSONReader.read(Array(setting.utf8)), let by = value["by"]?.string,
            let effectiveAt = value["effective"]?.string.flatMap({ Instant($0) }), let parameters = value["parameters"]
        else { return nil }
        self.init(effectiveAt: effectiveAt, by: by, parameters: parameters)
    }
}
