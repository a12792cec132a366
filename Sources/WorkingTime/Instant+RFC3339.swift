/// RFC 3339 date-times: written in UTC with `Z`, with a fraction only where it is not zero; read with any offset.
extension Instant: CustomStringConvertible, LosslessStringConvertible {
    /// Seconds may be left out (`2026-03-27T16:00+01:00`). Digits after the third of a fraction are dropped. A leap second reads as the second after it. What lies, in UTC,
    /// outside the years 1 to 9999 is no instant.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 17, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)),
            let hour = decimal(bytes[11..<13]), hour < 24, let minute = decimal(bytes[14..<16]), minute < 60
        else { return nil }
        var rest = bytes[16...]
        var second = 0
        var fraction = 0
        if rest.first == UInt8(ascii: ":") {
            guard let value = decimal(rest.dropFirst().prefix(2)), value <= 60, rest.count >= 4 else { return nil }
            second = value
            rest = rest.dropFirst(3)
            if rest.first == UInt8(ascii: ".") {
                let digits = rest.dropFirst().prefix { $0 >= 48 && $0 <= 57 }
                guard !digits.isEmpty, let value = decimal((digits + [48, 48]).prefix(3)) else { return nil }
                fraction = value
                rest = rest.dropFirst(1 + digits.count)
            }
        }
        guard let offset = Instant.offset(rest) else { return nil }
        let seconds = Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
        self.init(exactly: seconds * 1000 + Int64(fraction))
    }

    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let sign = bytes.first else { return nil }
        if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
        let digits = Array(bytes.dropFirst())
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits.count == 5, digits[2] == UInt8(ascii: ":"),
            let hours = decimal(digits[0..<2]), hours < 24, let minutes = decimal(digits[3..<5]), minutes < 60
        else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    package var description: String {
        String(unsafeUninitializedCapacity: 24) { write(into: $0) }
    }

    /// Writes the text as ASCII and returns its length: 20 bytes, or 24 with a fraction. The room must hold 24.
    package func write(into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let (dayNumber, millisecondOfDay) = floorDivide(milliseconds, 86_400_000)
        let (year, month, day) = Day(number: Int(dayNumber)).components
        let second = Int(millisecondOfDay / 1000)
        func put(_ value: Int, _ width: Int, at start: Int) {
            var value = value
            for place in stride(from: start + width - 1, through: start, by: -1) {
                room[place] = UInt8(48 + value % 10)
                value /= 10
            }
        }
        put(year, 4, at: 0)
        room[4] = UInt8(ascii: "-")
        put(month, 2, at: 5)
        room[7] = UInt8(ascii: "-")
        put(day, 2, at: 8)
        room[10] = UInt8(ascii: "T")
        put(second / 3600, 2, at: 11)
        room[13] = UInt8(ascii: ":")
        put(second / 60 % 60, 2, at: 14)
        room[16] = UInt8(ascii: ":")
        put(second % 60, 2, at: 17)
        let fraction = Int(millisecondOfDay % 1000)
        guard fraction != 0 else {
            room[19] = UInt8(ascii: "Z")
            return 20
        }
        room[19] = UInt8(ascii: ".")
        put(fraction, 3, at: 20)
        room[23] = UInt8(ascii: "Z")
        return 24
    }
}
