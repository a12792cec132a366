import CasePages
import FoundationEssentials
import Glibc
import Synchronization

/// Standard output. What cannot be written ends the program with a sentence and `EX_IOERR`: a report that nobody can read is none.
enum StandardOutput {
    private static let waiting = Mutex<[UInt8]>([])
    /// The file that is to hold it instead, and what is written of that; nil where it goes where standard output goes.
    private static let file = Mutex<(name: String, whole: WholeFile?)?>(nil)
    /// Whether a monitor has called the program.
    private static let isMonitored = Mutex(false)
    /// So much is gathered before it is written, unless somebody looks on.
    private static let bufferLimit = 1 << 16

    static func write(_ text: String) {
        let isEnough = waiting.withLock { waiting in
            waiting.append(contentsOf: text.utf8)
            return Terminal.isTerminal || waiting.count > bufferLimit
        }
        if isEnough { flush() }
    }

    static func print(_ text: String = "", terminator: String = "\n") {
        write(text + terminator)
    }

    /// What is for programs, such as CSV, JSON or XML: as it is, but for what a terminal could take for a command where it goes to one.
    static func data(_ text: String) {
        write(Terminal.isTerminal ? Terminal.plainLines(text) : text)
    }

    /// A monitor takes any other code than 0 to 3 for something else, and 3 for what cannot be found out: what it cannot read is such.
    static func isForMonitor() {
        isMonitored.withLock { $0 = true }
    }

    /// What the program ends with where its output cannot be made or written.
    static func failureCode(_ code: Failure.Code = .unwritable) -> Int32 {
        isMonitored.withLock { $0 } ? Failure.unknown : code.rawValue
    }

    static var isFile: Bool {
        file.withLock { $0 != nil }
    }

    /// Everything goes into a file, which has it whole once the command has succeeded, see `finish`.
    static func redirect(to name: String) {
        file.withLock { $0 = (name, nil) }
    }

    /// Opens the file, where there is one.
    static func begin() throws {
        try file.withLock { file in
            guard let name = file?.name, file?.whole == nil else { return }
            file?.whole = try WholeFile(replacing: name)
        }
    }

    /// The file has what was written, where there is one.
    static func finish() throws {
        guard isFile else { return }
        flush()
        try file.withLock { file in
            try file?.whole?.finish()
            file?.whole = nil
        }
    }

    /// Nothing of it is kept.
    static func abandon() {
        file.withLock { $0?.whole?.abandon() }
    }

    /// What comes after this rests on what was written before.
    static func flush() {
        let bytes = waiting.withLock { waiting in
            defer { waiting.removeAll(keepingCapacity: true) }
            return waiting
        }
        if let number = writeAll(bytes, to: descriptor) {
            // A reader that has seen enough and gone is no fault.
            guard number != EPIPE else { _exit(0) }
            fail(number)
        }
    }

    /// Whatever ends the program, nothing is lost in silence, and neither is what a library has printed.
    static func flushAtExit() {
        atexit {
            let bytes = StandardOutput.waiting.withLock { $0 }
            let number = writeAll(bytes, to: StandardOutput.descriptor) ?? (fflush(nil) != 0 ? errno : nil)
            // Where the reader is gone, the exit code stands: it may be a verdict.
            if let number, number != EPIPE { StandardOutput.fail(number) }
        }
    }

    private static var descriptor: Int32 {
        file.withLock { $0?.whole?.descriptor } ?? 1
    }

    private static func fail(_ number: Int32) -> Never {
        abandon()
        StandardError.write("casectl: \(Say.line("the output cannot be written: \(String(cString: strerror(number)))"))\n")
        _exit(failureCode())
    }
}

/// Standard error. Where it cannot be written there is nobody else to tell.
enum StandardError {
    static func write(_ text: String) {
        _ = writeAll(Array(text.utf8), to: 2)
    }
}

/// Writes all bytes; the number of the error where that cannot be.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var sent = 0
    while sent < bytes.count {
        let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return errno }
        sent += count
    }
    return nil
}
