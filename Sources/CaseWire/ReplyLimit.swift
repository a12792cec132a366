import CaseCore

/// How many bytes the server sends at once. What has more of it is handed out in pages, or is cut and says so.
package enum ReplyLimit {
    /// Of what a reply hands out in pages, before which the last record may begin.
    package static let page = 1 << 20
    /// Of one case, order or other record among several.
    package static let record = 1 << 16
    /// Of one case by itself.
    package static let whole = 1 << 20
    /// Of the case with which a command answers: many commands are given at once.
    package static let answer = 1 << 18
    /// Of the replies to one batch, beyond which no further request of it is carried out.
    package static let batch = 1 << 23

    /// A record among several, cut where it is longer.
    package static func record(_ value: some Shown) -> [UInt8] {
        cut(JSONWriter.bytes { $0.value(value) }, to: record)
    }

    /// A record by itself, cut where it is longer.
    package static func whole(_ value: some Shown) -> [UInt8] {
        cut(JSONWriter.bytes { $0.value(value) }, to: whole)
    }

    /// A reply by itself, cut where it is longer.
    package static func whole(_ bytes: [UInt8]) -> [UInt8] {
        cut(bytes, to: whole)
    }

    /// The beginning of a text that another place says whole.
    package static func brief(_ text: String) -> String {
        text.prefix(bytes: cuts[0].text)
    }

    /// What a command has made of a case, cut where it is longer.
    package static func answer(_ value: some Shown) -> [UInt8] {
        cut(JSONWriter.bytes { $0.value(value) }, to: answer)
    }

    /// How much is left of each text, in bytes, and of each list, in elements; the harder ones where that is not enough.
    private static let cuts: [(text: Int, count: Int)] = [(1024, .max), (256, 256), (256, 32), (64, 8), (64, 2)]
    /// What is left of an object of any names. None that is described has so many.
    fileprivate static let memberCount = 40

    /// The text of an object, or what is left of it: its long texts and lists end early, and `truncated` names the members of which that is so.
    private static func cut(_ bytes: [UInt8], to limit: Int) -> [UInt8] {
        guard bytes.count > limit, let members = (try? JSONReader.read(bytes))?.members else { return bytes }
        var (result, left) = (bytes, members)
        for (text, count) in cuts where result.count > limit {
            left = left.map { JSONValue.Member($0.name, $0.value.cut(texts: text, counts: count)) }
            let truncated = zip(left, members).filter { $0.value != $1.value }.map { JSONValue.string($0.0.name) }
            result = JSONWriter.bytes { $0.value(.object(left + [JSONValue.Member("truncated", .array(truncated))])) }
        }
        return result
    }
}

extension JSONValue {
    fileprivate func cut(texts: Int, counts: Int) -> JSONValue {
        switch self {
        case .null, .bool, .number: return self
        case .string(let text): return .string(text.prefix(bytes: texts))
        case .array(let elements): return .array(elements.prefix(counts).map { $0.cut(texts: texts, counts: counts) })
        case .object(let members):
            // Long names can begin alike: of those only the first is left.
            var names: Set<String> = []
            return .object(
                members.prefix(ReplyLimit.memberCount).compactMap { member in
                    let name = member.name.prefix(bytes: texts)
                    return names.insert(name).inserted ? Member(name, member.value.cut(texts: texts, counts: counts)) : nil
                })
        }
    }
}

extension String {
    /// Its beginning, of whole scalars.
    fileprivate func prefix(bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var (left, size) = (String.UnicodeScalarView(), 0)
        for scalar in unicodeScalars {
            size += UTF8.width(scalar)
            guard size <= limit else { break }
            left.append(scalar)
        }
        return String(left)
    }
}
