import CaseWire

/// What the server allows; `server.info` shows it.
package struct ServerLimits: Sendable {
    /// Without the line feed.
    package var lineBytes = 1 << 20
    package var connections = 4096
    package var connectionsPerUser = 1024
    /// Requests of one connection that are not answered yet; reading stops beyond them.
    package var inFlightPerConnection = 1024
    package var readThreads = 4

    package init() {}

    package var described: [(name: String, value: Int)] {
        [
            ("line_bytes", lineBytes), ("depth", JSONReader.depthLimit), ("batch", Message.batchLimit),
            ("connections", connections), ("connections_per_user", connectionsPerUser),
            ("in_flight_per_connection", inFlightPerConnection),
        ]
    }
}
