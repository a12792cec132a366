import CLibPQ

/// What a statement has returned: rows of binary values.
struct Rows: RandomAccessCollection {
    /// What libpq keeps of it, until nobody needs it.
    fileprivate final class Result {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) {
            self.pointer = pointer
        }

        deinit {
            PQclear(pointer)
        }
    }

    private let result: Result
    let startIndex = 0
    let endIndex: Int

    /// - Parameter result: is let go with the rows.
    init(_ result: OpaquePointer) {
        self.result = Result(result)
        endIndex = Int(PQntuples(result))
    }

    /// What was done, such as `COMMIT`.
    var command: String {
        String(cString: PQcmdStatus(result.pointer))
    }

    subscript(_ row: Int) -> Row {
        Row(result: result, number: Int32(row))
    }

    /// One of the rows. Columns are counted from 0.
    struct Row {
        fileprivate let result: Result
        fileprivate let number: Int32

        private func value<Value>(_ column: Int, _ read: (UnsafeRawBufferPointer) -> Value) -> Value? {
            withExtendedLifetime(result) {
                let column = Int32(column)
                guard PQgetisnull(result.pointer, number, column) == 0 else { return nil }
                let bytes = UnsafeRawBufferPointer(
                    start: PQgetvalue(result.pointer, number, column), count: Int(PQgetlength(result.pointer, number, column)))
                return read(bytes)
            }
        }

        /// Of a column of the type `bigint`.
        func optionalInteger(_ column: Int) -> Int64? {
            value(column) { bytes in
                precondition(
                    PQftype(result.pointer, Int32(column)) == Parameter.Kind.integer.rawValue && bytes.count == 8,
                    "column \(column) is no bigint")
                return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
            }
        }

        /// 0 for null.
        func integer(_ column: Int) -> Int64 {
            optionalInteger(column) ?? 0
        }

        func optionalBytes(_ column: Int) -> [UInt8]? {
            value(column) { Array($0) }
        }

        /// Empty for null.
        func bytes(_ column: Int) -> [UInt8] {
            optionalBytes(column) ?? []
        }

        /// Empty for null.
        func text(_ column: Int) -> String {
            value(column) { String(decoding: $0, as: UTF8.self) } ?? ""
        }
    }
}
