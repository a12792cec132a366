import CaseWire

/// What the server allows; `server.info` shows it.
package struct ServerLimits: Sendable {
    /// Without the line feed.
    package var lineBytes = 1 << 20
    package var connections = 4096
    package var connectionsPerUser = 1024
    /// Of the connections, those that are left for admins.
    package var connectionsForAdmins = 64
    /// Requests of one connection that are not answered yet; reading stops beyond them.
    package var inFlightPerConnection = 1024
    /// Replies and notifications that a client has not taken; nothing more is read from it or for it beyond them.
    package var outputBytes = 1 << 16
    /// After how long without anything sent a watch gets a bookmark, unless it asks otherwise.
    package var heartbeatMilliseconds: Int64 = 60_000
    /// What all connections together have sent and nobody has looked at; beyond it the longer lines are refused.
    package var inputBytesTotal = 64 << 20
    /// And of those of one user.
    package var inputBytesPerUser = 16 << 20
    /// What the requests take that are not answered; beyond it lines wait.
    package var requestBytesTotal = 64 << 20
    /// And those of one user.
    package var requestBytesPerUser = 16 << 20
    /// Replies of all connections together that were not taken; beyond it those that take the least are closed.
    package var outputBytesTotal = 128 << 20
    /// And those of one user.
    package var outputBytesPerUser = 32 << 20
    package var watchesPerConnection = 16
    package var watchesPerUser = 256
    /// Of one user; admins are not limited.
    package var requestsPerSecond = 50_000
    package var readThreads = 4
    package var adminReadThreads = 2

    package init() {}

    package var described: [(name: String, value: Int)] {
        [
            ("line_bytes", lineBytes), ("depth", JSONReader.depthLimit), ("values", Message.valueLimit), ("batch", Message.batchLimit),
            ("connections", connections), ("connections_per_user", connectionsPerUser),
            ("connections_for_admins", connectionsForAdmins), ("in_flight_per_connection", inFlightPerConnection),
            ("output_bytes", outputBytes),
            ("input_bytes_total", inputBytesTotal), ("input_bytes_per_user", inputBytesPerUser),
            ("request_bytes_total", requestBytesTotal), ("request_bytes_per_user", requestBytesPerUser),
            ("output_bytes_total", outputBytesTotal),
            ("output_bytes_per_user", outputBytesPerUser),
            ("watches_per_connection", watchesPerConnection), ("watches_per_user", watchesPerUser),
            ("requests_per_second", requestsPerSecond),
        ]
    }
}
