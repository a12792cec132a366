import ArgumentParser
import CaseClient
import Logging

/// What whoever runs the hall can say. Lengths of time are in seconds, sizes in bytes.
struct HallOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to listen: a loopback address and a port, such as 127.0.0.1:8080 or [::1]:8080, or the path of a Unix socket. Not needed where systemd hands a socket over.",
            valueName: "place"))
    var listen: String?

    @Option(help: ArgumentHelp("Who may connect to a Unix socket that casehall opens itself, in octal.", valueName: "mode"))
    var listenMode = "0660"

    @Option(help: ArgumentHelp("The socket of cased.", valueName: "path"))
    var socket = Client.defaultPath

    @Option(help: "How many connections to cased are used at once, 1 to 64.")
    var daemonConnections = 8

    @Option(help: "For how many seconds an answer of cased is waited for.")
    var patience = 10

    @Option(help: "How many connections of clients are held at once; more wait to be taken.")
    var connections = 2000

    @Option(help: "How many requests a second one client may send; a burst may have ten times as many at once.")
    var requestsPerSecond = 20

    @Option(help: "How many receipts one client may look up in a minute.")
    var lookupsPerMinute = 10

    // MARK: The proxy

    @Option(
        help: ArgumentHelp(
            "The unix user as which the proxy runs, by its number: on a Unix socket no other is answered, and its headers are believed.",
            valueName: "uid"))
    var proxyUser: UInt32?

    @Option(
        help: ArgumentHelp(
            "An address from which the proxy comes, such as 127.0.0.1: what it says of clients is believed. Can be given several times.",
            valueName: "address"))
    var proxyAddress: [String] = []

    @Option(help: "The header in which the proxy says the client's address, and nobody else can; its last element counts.")
    var clientHeader = "X-Forwarded-For"

    @Option(
        help: ArgumentHelp(
            "The address of the hall as browsers see it, such as https://hall.example.org; by default what the Host header says.",
            valueName: "origin"))
    var origin: String?

    @Flag(
        name: .customLong("plain-http"),
        help: "Give cookies that go over plain HTTP too: for a demonstration on one machine. Without it, they need HTTPS at the proxy.")
    var isPlain = false

    // MARK: Identity

    @Option(
        help: ArgumentHelp(
            "The keys that sign tokens: a JSON Web Key Set, or one public key in PEM. They are read at the start.", valueName: "file"))
    var tokenKeys: String?

    @Option(help: "The header in which the proxy hands over the token; Bearer may stand before it.")
    var tokenHeader = "Authorization"

    @Option(help: "Who issues tokens, exactly as they say it.") var tokenIssuer: String?

    @Option(help: "For whom tokens are, as one of their audiences says it.") var tokenAudience: String?

    @Option(help: "For how many seconds a token may be valid in all.") var tokenLifetime = 3600

    @Option(help: "By how many seconds the clocks of the issuer and the hall may differ.") var tokenLeeway = 30

    @Option(help: "The claim that names a person of the catalogue.") var personClaim = "case_person"

    @Option(help: "The claim that identifies an applicant.") var applicantClaim = "case_applicant"

    @Option(help: "The claim that says the name of an applicant.") var nameClaim = "name"

    @Option(
        help: ArgumentHelp(
            "The header in which a proxy on a Unix socket (--proxy-user) names a person of the catalogue.", valueName: "header"))
    var personHeader: String?

    @Option(
        help: ArgumentHelp(
            "The header in which such a proxy identifies an applicant, and --name-header says the name; both percent-encoded UTF-8.",
            valueName: "header"))
    var applicantHeader: String?

    @Option(help: "See --applicant-header.") var nameHeader = "X-Applicant-Name"

    @Option(help: "After how many seconds without a page a session ends.") var sessionLifetime = 3600

    @Option(
        help: ArgumentHelp(
            "A file of at least 32 bytes that nobody else can read, by which sessions are signed; by default a key made at the start.",
            valueName: "file"))
    var sessionKey: String?

    // MARK: Desks

    @Option(
        help: ArgumentHelp(
            "The address of the hall that speaks for the other side of matters, for whoever is refused here for that reason: commissioners have a hall of another unix user.",
            valueName: "url"))
    var otherHall: String?

    @Option(help: "How many event streams are open at once.") var streams = 200

    @Option(help: "How many of them one person may have.") var streamsPerPerson = 6

    @Option(help: "After how many seconds without news an event stream says that it is still there.") var heartbeat = 15

    // MARK: Materials

    @Option(help: ArgumentHelp("The folder for files that applicants hand in; without it none are taken.", valueName: "dir"))
    var materials: String?

    @Option(help: "How many bytes a file may have.") var fileLimit = 20 << 20

    @Option(
        help: ArgumentHelp(
            "A program that is given the path of each file before it is kept; 0 keeps it, 1 refuses it, and with any other end nothing is kept.",
            valueName: "program"))
    var scanner: String?

    @Option(help: "For how many seconds the scanner is waited for.") var scannerPatience = 60

    // MARK: Others

    @Option(help: ArgumentHelp("What the hall calls itself in Chinese.", valueName: "name")) var nameZh = "网上办事大厅"

    @Option(help: ArgumentHelp("What the hall calls itself in English.", valueName: "name")) var nameEn = "Online hall"

    @Option(help: ArgumentHelp("The least severe log messages to write.", valueName: "level")) var logLevel = Logger.Level.info

    @Flag(help: "Only say whether the options can be used: the exit code is 0, or 78 with what is wrong.") var checkConfig = false

    func validate() throws {
        func require(_ value: Int, _ option: String, _ range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                throw ValidationError("\(option) \(value) is out of range: \(range.lowerBound) to \(range.upperBound)")
            }
        }
        guard Int(listenMode, radix: 8).map({ (0...0o777).contains($0) }) == true else {
            throw ValidationError("--listen-mode \(listenMode) is no mode in octal: write it as in 0660")
        }
        try require(daemonConnections, "--daemon-connections", 1...64)
        try require(patience, "--patience", 1...300)
        try require(connections, "--connections", 1...100_000)
        try require(requestsPerSecond, "--requests-per-second", 1...100_000)
        try require(lookupsPerMinute, "--lookups-per-minute", 1...100_000)
        try require(tokenLifetime, "--token-lifetime", 1...604_800)
        try require(tokenLeeway, "--token-leeway", 0...600)
        try require(sessionLifetime, "--session-lifetime", 60...86_400)
        try require(streams, "--streams", 0...250)
        try require(streamsPerPerson, "--streams-per-person", 0...250)
        try require(heartbeat, "--heartbeat", 1...60)
        try require(fileLimit, "--file-limit", 1...(1 << 30))
        try require(scannerPatience, "--scanner-patience", 1...600)
        if tokenKeys != nil, tokenIssuer == nil || tokenAudience == nil {
            throw ValidationError("--token-keys needs --token-issuer and --token-audience: a token for somebody else says nothing here")
        }
        if tokenKeys != nil, personHeader != nil || applicantHeader != nil {
            throw ValidationError("--token-keys and --person-header or --applicant-header exclude each other: who says who somebody is?")
        }
        if personHeader != nil || applicantHeader != nil, proxyUser == nil {
            throw ValidationError("--person-header and --applicant-header need --proxy-user: headers of anybody say nothing")
        }
        if let origin, !HallOptions.isOrigin(origin) {
            throw ValidationError("--origin \(origin) is no origin: write it as in https://hall.example.org, without a path")
        }
        if let otherHall, otherHall.wholeMatch(of: /https?:\/\/[^\s"<>]+/) == nil {
            throw ValidationError("--other-hall \(otherHall) is no address: write it as in https://supervision.example.org/desk")
        }
        if scanner != nil, materials == nil { throw ValidationError("--scanner is for --materials: name the folder too") }
    }

    private static func isOrigin(_ text: String) -> Bool {
        text.wholeMatch(of: /https?:\/\/[a-z0-9.\-]+(:[0-9]{1,5})?/) != nil
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
