import WorkingTime

// The forms of the values that commands, events and cases are made of.

extension String: Represented {
    package static var shape: Shape { .text }

    package init(from source: some Source) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a string") }
        self = text
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.string(self)
    }
}

extension Bool: Represented {
    package static var shape: Shape { .boolean }

    package init(from source: some Source) throws(Mismatch) {
        guard let value = source.bool else { throw Mismatch(source, insteadOf: "true or false") }
        self = value
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.bool(self)
    }
}

extension Int64: Represented {
    package static var shape: Shape { .integer }

    package init(from source: some Source) throws(Mismatch) {
        guard let number = source.integer else { throw Mismatch(source, insteadOf: "a whole number") }
        self = number
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.integer(self)
    }
}

/// A number of something that there is a number of: nothing that a damaged text says ends in an overflow.
extension Int: Represented {
    package static var shape: Shape { .integer }
    package static let countLimit: Int64 = 1_000_000_000_000

    package init(from source: some Source) throws(Mismatch) {
        let number = try Int64(from: source)
        guard (0...Int.countLimit).contains(number) else { throw Mismatch("is out of range") }
        self = Int(number)
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.integer(self)
    }
}

extension Instant: Represented {
    package static var shape: Shape { .instant }

    package init(from source: some Source) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "an instant") }
        guard let instant = Instant(text) else {
            throw Mismatch("is no instant", hint: "write it as in RFC 3339, such as 2026-11-22T09:00:00Z")
        }
        self = instant
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.instant(self)
    }
}

extension Day: Represented {
    package static var shape: Shape { .day }

    package init(from source: some Source) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a day") }
        guard let day = Day(text) else { throw Mismatch("is no day", hint: "write it as in 2026-11-22") }
        self = day
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.string(description)
    }
}

extension Length: Represented {
    package static var shape: Shape { .length }

    package init(from source: some Source) throws(Mismatch) {
        guard let text = source.string else {
            throw Mismatch(source, insteadOf: "a length of time", hint: "write it with its unit, such as \"20 working-days\"")
        }
        do { self = try Length(parsing: text) } catch { throw Mismatch("is no length of time", hint: error.description) }
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.string(description)
    }
}

extension CaseID: Represented {
    package static var shape: Shape { .caseID }

    package init(from source: some Source) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a case id") }
        guard let id = CaseID(text) else { throw Mismatch("is no case id", hint: "write C-17") }
        self = id
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.string(description)
    }
}

extension OrderID: Represented {
    package static var shape: Shape { .orderID }

    package init(from source: some Source) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "an order") }
        guard let id = OrderID(text) else { throw Mismatch("is no order", hint: "write O-17-1") }
        self = id
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.string(description)
    }
}

extension Identifier: Represented {
    package static var shape: Shape { .text }

    package init(from source: some Source) throws(Mismatch) {
        self.init(try String(from: source))
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.string(raw)
    }
}

extension Optional: Represented where Wrapped: Represented {
    package static var shape: Shape { .orNull(Wrapped.shape) }

    package init(from source: some Source) throws(Mismatch) {
        self = source.isNull ? nil : try Wrapped(from: source)
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        if let self { self.write(to: &sink) } else { sink.null() }
    }
}

extension Array: Represented where Element: Represented {
    package static var shape: Shape { .list(Element.shape) }

    package init(from source: some Source) throws(Mismatch) {
        guard let elements = source.array else { throw Mismatch(source, insteadOf: "an array") }
        self = []
        reserveCapacity(elements.count)
        for (place, element) in elements.enumerated() {
            do { append(try Element(from: element)) } catch { throw error.at("[\(place)]") }
        }
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.array(of: self) { $1.write(to: &$0) }
    }
}

/// One of a closed list of words.
package protocol Word: Represented, RawRepresentable<String>, CaseIterable {}

extension Word {
    package static var words: [String] {
        allCases.map(\.rawValue)
    }

    package static var shape: Shape { .word(words) }

    package init(from source: some Source) throws(Mismatch) {
        guard let text = source.string else { throw Mismatch(source, insteadOf: "a word") }
        guard let word = Self(rawValue: text) else { throw Shape.noSuchWord(Self.words) }
        self = word
    }

    package func write(to sink: inout some Sink & ~Copyable) {
        sink.string(rawValue)
    }
}
