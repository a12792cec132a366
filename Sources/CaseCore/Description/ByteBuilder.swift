/// Bytes that only grow at their end: an array's append without its look at who else holds it, which for texts of many short pieces
/// is most of the work.
struct ByteBuilder: ~Copyable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(reserving capacity: Int) {
        self.capacity = max(capacity, 16)
        base = .allocate(capacity: self.capacity)
    }

    deinit {
        base.deallocate()
    }

    var array: [UInt8] {
        Array(UnsafeBufferPointer(start: base, count: count))
    }

    func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        body(UnsafeBufferPointer(start: base, count: count))
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        if count == capacity { grow(by: 1) }
        base[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func append(contentsOf bytes: UnsafeBufferPointer<UInt8>) {
        guard let first = bytes.baseAddress else { return }
        if capacity - count < bytes.count { grow(by: bytes.count) }
        (base + count).update(from: first, count: bytes.count)
        count += bytes.count
    }

    mutating func append(contentsOf bytes: some Collection<UInt8>) {
        let length = bytes.count
        if capacity - count < length { grow(by: length) }
        let room = UnsafeMutableBufferPointer(start: base + count, count: length)
        _ = room.update(fromContentsOf: bytes)
        count += length
    }

    mutating func reverse(from start: Int) {
        var written = UnsafeMutableBufferPointer(start: base + start, count: count - start)
        written.reverse()
    }

    private mutating func grow(by least: Int) {
        let larger = max(capacity * 2, count + least)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: base, count: count)
        base.deallocate()
        (base, capacity) = (moved, larger)
    }
}
