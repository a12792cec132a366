import WorkingTime

// The forms of the values that commands, events and cases are made of.

extension String: Represented {
    package static var shape: Shape { .text }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a string") }
        self = text
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(self)
    }
}

extension Bool: Represented {
    package static var shape: Shape { .boolean }

    package init(from source: Datum) throws(Mismatch) {
        guard let value = source.bool else { throw Mismatch(source, insteadOf: "true or false") }
        self = value
    }

    package func write(to writer: inout JSONWriter) {
        writer.bool(self)
    }
}

extension Int64: Represented {
    package static var shape: Shape { .integer }

    package init(from source: Datum) throws(Mismatch) {
        guard let number = source.integer else { throw Mismatch(source, insteadOf: "a whole number") }
        self = number
    }

    package func write(to writer: inout JSONWriter) {
        writer.integer(self)
    }
}

/// A number of something that there is a number of: nothing that a damaged text says ends in an overflow.
extension Int: Represented {
    package static var shape: Shape { .integer }
    package static let countLimit: Int64 = 1_000_000_000_000

    package init(from source: Datum) throws(Mismatch) {
        let number = try Int64(from: source)
        guard (0...Int.countLimit).contains(number) else { throw Mismatch("is out of range") }
        self = Int(number)
    }

    package func write(to writer: inout JSONWriter) {
        writer.integer(self)
    }
}

extension UInt32: Represented {
    package static var shape: Shape { .integer }

    package init(from source: Datum) throws(Mismatch) {
        guard let number = UInt32(exactly: try Int64(from: source)) else { throw Mismatch("is out of range") }
        self = number
    }

    package func write(to writer: inout JSONWriter) {
        writer.integer(Int64(self))
    }
}

extension Participant: Represented {
    package static var shape: Shape { .text }

    package init(from source: Datum) throws(Mismatch) {
        self.init(named: try String(from: source))
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(name)
    }
}

extension Instant: Represented {
    package static var shape: Shape { .instant }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "an instant") }
        guard let instant = Instant(text) else {
            throw Mismatch("is no instant", hint: "write it as in RFC 3339, such as 2026-11-22T09:00:00Z")
        }
        self = instant
    }

    package func write(to writer: inout JSONWriter) {
        writer.instant(self)
    }
}

extension Day: Represented {
    package static var shape: Shape { .day }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a day") }
        guard let day = Day(text) else { throw Mismatch("is no day", hint: "write it as in 2026-11-22") }
        self = day
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}

extension Length: Represented {
    package static var shape: Shape { .length }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else {
            throw Mismatch(source, insteadOf: "a length of time", hint: "write it with its unit, such as \"20 working-days\"")
        }
        do { self = try Length(parsing: text) } catch { throw Mismatch("is no length of time", hint: error.description) }
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}

extension CaseID: Represented {
    package static var shape: Shape { .caseID }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a case id") }
        guard let id = CaseID(text) else { throw Mismatch("is no case id", hint: "write C-17") }
        self = id
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}

extension OrderID: Represented {
    package static var shape: Shape { .orderID }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "an order") }
        guard let id = OrderID(text) else { throw Mismatch("is no order", hint: "write O-17-1") }
        self = id
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(description)
    }
}

extension Identifier: Represented {
    package static var shape: Shape { .text }

    package init(from source: Datum) throws(Mismatch) {
        self.init(try String(from: source))
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(raw)
    }
}

extension Optional: Shown where Wrapped: Shown {
    package static var shape: Shape { .orNull(Wrapped.shape) }

    package func write(to writer: inout JSONWriter) {
        if let self { self.write(to: &writer) } else { writer.null() }
    }
}

extension Optional: Represented where Wrapped: Represented {
    package init(from source: Datum) throws(Mismatch) {
        self = source.isNull ? nil : try Wrapped(from: source)
    }
}

extension Array: Shown where Element: Shown {
    package static var shape: Shape { .list(Element.shape) }

    package func write(to writer: inout JSONWriter) {
        writer.array(of: self) { $1.write(to: &$0) }
    }
}

extension Array: Represented where Element: Represented {
    package init(from source: Datum) throws(Mismatch) {
        guard let elements = source.array else { throw Mismatch(source, insteadOf: "an array") }
        self = []
        reserveCapacity(elements.count)
        for (place, element) in elements.enumerated() {
            do { append(try Element(from: element)) } catch { throw error.at("[\(place)]") }
        }
    }
}

/// Written in its order, so that the same set is always written alike.
extension Set: Shown where Element: Shown & Comparable {
    package static var shape: Shape { .list(Element.shape) }

    package func write(to writer: inout JSONWriter) {
        writer.array(of: sorted()) { $1.write(to: &$0) }
    }
}

extension Set: Represented where Element: Represented & Comparable {
    package init(from source: Datum) throws(Mismatch) {
        self = Set(try [Element](from: source))
    }
}

/// One of a closed list of words.
package protocol Word: Represented, RawRepresentable<String>, CaseIterable {}

extension Word {
    package static var words: [String] {
        allCases.map(\.rawValue)
    }

    package static var shape: Shape { .word(words) }

    package init(from source: Datum) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a word") }
        guard let word = Self(rawValue: text) else { throw Shape.noSuchWord(text, among: Self.words) }
        self = word
    }

    package func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
