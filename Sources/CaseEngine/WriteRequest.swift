import CaseCore
import CaseWire
import Crypto

/// A request that goes through the writer. What can be made ready without the store is, by whoever posts it.
package struct WriteRequest: Sendable {
    package let peer: Peer
    package let work: Work
    /// What a command under a key asks for, for comparison with the first command under it; empty without a key.
    package let digest: [UInt8]
    /// Called once, on the queue of the engine: after the commit where something was changed.
    package let reply: @Sendable (Outcome) -> Void

    /// Kept beside what has it: a request is handed on many times, and a submission has many parts.
    package indirect enum Work: Sendable {
        case command(CommandRequest)
        case administration(Method.Administration, Parameters)
        /// Notices that somebody has taken.
        case taking(Parameters)
        /// What an auditor has read, to go on record before they see it.
        case reading(Reading, acting: String?)
    }

    package init(peer: Peer, _ work: Work, reply: @escaping @Sendable (Outcome) -> Void) {
        self.peer = peer
        self.work = work
        self.reply = reply
        if case .command(let request) = work, request.envelope.idempotencyKey != nil {
            digest = WriteRequest.digest(of: request)
        } else {
            digest = []
        }
    }

    static func digest(of request: CommandRequest) -> [UInt8] {
        digest(of: request.meaningBytes, request)
    }

    private static func digest(of content: [UInt8], _ request: CommandRequest) -> [UInt8] {
        var (hash, method) = (SHA256(), type(of: request.command).method)
        method.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        hash.update(data: content)
        return Array(hash.finalize())
    }

    /// As versions had it that compared what was written, to the byte.
    static func olderDigest(of request: CommandRequest) -> [UInt8] {
        digest(of: request.parameters.contentBytes(without: "idempotency_key", "dry_run"), request)
    }

    var isAdministration: Bool {
        if case .administration = work { true } else { false }
    }

    /// The key under which it is logged and asked for again.
    var idempotencyKey: String? {
        if case .command(let request) = work { request.envelope.idempotencyKey } else { nil }
    }
}

extension WriteRequest.Work {
    /// What a method asks of the writer; nil where it asks nothing of it, as a dry run of a command does.
    package init?(_ method: Method, _ parameters: JSONValue?) throws(WireError) {
        switch method {
        case .command(let name):
            let asked = try CommandRequest(parameters, of: Commands.ofClient(name))
            guard !asked.envelope.isDryRun else { return nil }
            self = .command(asked)
        case .administration(.noticeTake): self = .taking(try Parameters(parameters, of: method))
        case .administration(let administration):
            self = .administration(administration, try Parameters(parameters, of: method))
        case .query, .stream: return nil
        }
    }

    /// Its name in the log.
    var name: String {
        switch self {
        case .command(let request): type(of: request.command).method
        case .administration(let administration, _): administration.rawValue
        case .taking: Method.Administration.noticeTake.rawValue
        case .reading: "a reading"
        }
    }
}
