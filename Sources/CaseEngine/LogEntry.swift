import Logging

/// What the log says that a person may have to act on. Each has an id by which the journal finds it and its page in the message catalogue
/// (`units/cased.catalog`).
package enum LogEntry: String, CaseIterable, Sendable {
    case ready = "341ba56de71c4d8282c39a645db65443"
    case stopping = "340d68160e7d41b2b6f8f5121478b223"
    case stopped = "c4c0b28b285f4a449e7947207c010b18"
    case unusable = "899025d64be24ae9b96a44b17198d992"
    case reloaded = "3627886a6cd7489f8c8391f4cd370c2d"
    case reloadRefused = "f9e1b0386a6348bc9fe2642d30e38735"
    case storeFull = "4d833433fb0b45efb05925271cb15663"
    case storeUnreachable = "c6a1f0d2f3c84e0db0a8d6a9cfb7325e"
    case storeFailed = "fa6362e435b443bebb561eb92d610f9e"
    case invariantBroken = "65c6b9fe5cd64ad0b88d6859c2a7d897"
    case watchdogMissed = "9cfbf3d1fd0440a8abbd084eec3e67a7"
    case caseDamaged = "3081dc61bee94a05a8ff0e5bf23745c6"
    case evidenceDamaged = "9ffe42acd828481d83a9da37d82a6210"
    case checkpointSigned = "f1f16967d4024f7592370ffdd710f742"
    case commandFailed = "f67972f130104b309097a0b20cf19c3e"
    case clockStepped = "5673f906b52b42cfaf3c3d163224cfa2"
    case clockConfirmed = "67dd132507bb446abc5c4507a023c143"
    case zonesChanged = "a765c059dda54f07817f928bd906a99d"
    case calendarEnds = "7ba2de94154d4945ad5fb25ac41c92d7"
    case catalogApplied = "b2ddcd09fd98428c9e1623677f12001b"
    case catalogConfirmed = "9c1f3a4be2d14a7a8f5f6a3f1f0d7e25"
    case catalogObstructed = "f3aae1b8fc3f4c79b0e3e27ebed6c587"
    case clocksMoved = "90f4b738ce0c4e3e9b03a3f53a76c7ee"
    case caseEscalated = "e7f02fcb690246f7922a74561597af20"
    case caseDecided = "841685b597d54677a28520684b5fc63e"
    case backupMade = "70d8286a6a2f48fdb03082a10d5dd76a"
    case storeRestored = "7ab4369378af4a0b81ff06d2803a7348"
    case storeMoved = "9c6f4c9fd14b4ac79e805abcf0b3ca51"
    case keyNotUsed = "cec2ca6eb46547a0acdb6aa887df5d4e"
    case sealMissing = "0ad5b1f8d2a74c5f9b6e3c8f7a2d4e61"
    case witnessedLost = "5b7e0c2f94d14a6c8f31c7d2a90e6b48"

    /// The key under which a logger's metadata carry the id.
    package static let metadataKey = "message_id"

    package var level: Logger.Level {
        switch self {
        case .ready, .stopping, .stopped, .reloaded, .clockConfirmed, .zonesChanged, .catalogApplied, .catalogConfirmed, .clocksMoved,
            .backupMade,
            .storeRestored, .storeMoved, .checkpointSigned:
            .notice
        case .caseDecided: .info
        case .clockStepped, .calendarEnds, .caseEscalated, .keyNotUsed: .warning
        case .sealMissing, .witnessedLost, .reloadRefused, .storeFull, .storeUnreachable, .caseDamaged, .commandFailed, .catalogObstructed,
            .watchdogMissed:
            .error
        case .unusable, .storeFailed, .invariantBroken, .evidenceDamaged: .critical
        }
    }
}

extension Logger {
    /// Writes an entry that the message catalogue explains.
    ///
    /// - Parameter metadata: of these, `case`, `actor` and `request` (the idempotency key) are what the journal is searched by.
    package func entry(_ entry: LogEntry, _ text: String, _ metadata: Metadata = [:]) {
        log(level: entry.level, "\(text)", metadata: metadata.merging([LogEntry.metadataKey: "\(entry.rawValue)"]) { $1 })
    }
}
