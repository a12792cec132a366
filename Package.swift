// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .executableTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let package = Package(
    name: "cased",
    products: [
        .executable(name: "cased", targets: ["cased"]),
        .executable(name: "casectl", targets: ["casectl"]),
        .executable(name: "casebench", targets: ["casebench"]),
        .executable(name: "casesim", targets: ["casesim"]),
        // For other services: see docs/client.md.
        .library(name: "CaseClient", targets: ["CaseClient", "CaseWire"]),
    ],
    // Exactly these, so that a build tomorrow is the build of today; the second half is what the first half needs.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),

        .package(url: "https://github.com/apple/swift-algorithms", exact: "1.2.1"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-atomics", exact: "1.3.0"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-structured-headers", exact: "1.7.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-transport-services", exact: "1.28.0"),
        .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
        .package(url: "https://github.com/apple/swift-service-context", exact: "1.5.1"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        // Pure: the standard library only.
        library("WorkingTime", []),
        library("CaseCore", ["WorkingTime"]),

        // Forms of the core's values outside the process.
        library("Catalogue", ["CaseCore", "CaseWire", "Evidence", "WorkingTime"]),
        library("CaseWire", ["CaseCore", "WorkingTime"]),
        library("CaseStore", ["CaseCore", "Evidence", "WorkingTime"]),
        library("CaseStoreSQLite", ["CaseStore", "CaseCore", "Evidence", "WorkingTime", grdb], resources: [.embedInCode("Migrations")]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        library(
            "CaseStorePostgreSQL", ["CLibPQ", "CaseStore", "CaseCore", "Evidence", "WorkingTime"], resources: [.embedInCode("Schema")]),

        // What others can check without us: trees, notes, proofs, signatures.
        library("Evidence", ["CaseCore", "WorkingTime", crypto]),

        // The daemon.
        library(
            "CaseEngine",
            ["CaseCore", "CaseStore", "CaseWire", "Catalogue", "CLinux", "Evidence", "WorkingTime", crypto, heap, logging, system]),
        library("CaseServer", ["CaseEngine", "CaseWire", "CaseCore", "Sockets", logging] + nio),
        library("Sockets", []),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        library("SystemdSupport", ["CSystemd"]),
        library("ChildProcesses", []),
        program(
            "cased",
            [
                "CaseServer", "CaseEngine", "CaseStore", "CaseStorePostgreSQL", "CaseStoreSQLite", "CaseCore", "CaseClient", "CaseWire",
                "Catalogue", "ChildProcesses", "CLinux", "Evidence", "SystemdSupport", "WorkingTime", arguments, logging,
            ]),

        // The clients.
        library("CaseClient", ["CaseCore", "CaseWire"]),
        // What is shown to people, in Chinese and English: words, escaping, pages.
        library("CasePages", ["CaseCore", "CaseWire", "Catalogue", "WorkingTime", mustache], resources: [.embedInCode("Templates")]),
        program(
            "casectl",
            [
                "CaseClient", "CasePages", "CaseWire", "Catalogue", "CaseCore", "ChildProcesses", "Evidence", "WorkingTime", arguments,
                crypto, system,
            ]),
        // Pages on top of the socket, for applicants and for the desks of the office.
        program(
            "casehall",
            [
                "CaseClient", "CaseCore", "CasePages", "CaseWire", "Catalogue", "ChildProcesses", "Sockets", "SystemdSupport",
                "WorkingTime",
                arguments, crypto, hummingbird, jwt, logging, .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"), .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ] + nio, resources: [.embedInCode("Templates")]),
        program(
            "casebench",
            ["CaseClient", "CaseCore", "CaseWire", "CaseTesting", "Catalogue", "Evidence", "WorkingTime", arguments, sqlite]),

        // Parts for tests: this project's and those of a second store.
        library(
            "CaseTesting",
            ["CaseClient", "CaseCore", "CaseEngine", "CaseStore", "CaseWire", "Catalogue", "ChildProcesses", "Evidence", "WorkingTime"]),
        library(
            "CaseSimulation",
            [
                "CaseCore", "CaseEngine", "CaseServer", "CaseStore", "CaseTesting", "CaseWire", "Evidence", "WorkingTime", logging,
                .product(name: "NIOCore", package: "swift-nio"),
            ]),
        program("casesim", ["CaseSimulation", arguments]),
        program("casefuzz", ["CaseClient", "CaseCore", "CaseTesting", "CaseWire", "Catalogue", "Evidence", "WorkingTime", arguments]),
        tests("CaseSimulationTests", ["CaseSimulation"]),
        tests("WorkingTimeTests", ["WorkingTime", "CaseTesting"]),
        tests("CaseCoreTests", ["CaseCore", "WorkingTime", "Catalogue", "CaseTesting"]),
        tests("EvidenceTests", ["Evidence", "CaseCore", "CaseWire", "CaseTesting", "ChildProcesses", "WorkingTime", crypto]),
        tests("CaseWireTests", ["CaseWire", "CaseCore", "CaseTesting", "WorkingTime"]),
        tests("CatalogueTests", ["Catalogue", "CaseCore", "CaseTesting", "WorkingTime"], exclude: ["Wrong"]),
        tests(
            "CaseStoreTests",
            [
                "CaseStore", "CaseStorePostgreSQL", "CaseStoreSQLite", "CaseTesting", "CaseCore", "CaseClient", "CaseEngine",
                "CaseSimulation", "CaseWire", "ChildProcesses", "Evidence", "WorkingTime", "cased", "casectl", crypto, grdb, logging,
            ],
            exclude: ["migrations.sha256"]),
        tests(
            "CaseEngineTests",
            [
                "CaseEngine", "CaseStore", "CaseStoreSQLite", "CaseTesting", "CaseWire", "CaseCore", "Catalogue", "Evidence", "WorkingTime",
                crypto,
                grdb,
                logging,
            ]),
        tests(
            "CaseServerTests",
            [
                "CaseServer", "CaseEngine", "CaseClient", "CaseStore", "CaseStoreSQLite", "CaseTesting", "CaseWire", "WorkingTime", logging,
            ]),
        // Boots machines: make deb comes first.
        tests("SystemTests", ["CaseTesting", "CaseClient", "CaseWire", "ChildProcesses", "Evidence"], exclude: ["boot", "enter"]),
        tests(
            "HallTests",
            [
                "CaseClient", "CaseCore", "CasePages", "CaseTesting", "CaseWire", "ChildProcesses", "casehall", "casectl", "cased", crypto,
                jwt,
            ]),
        tests(
            "DaemonTests",
            [
                "CasePages", "CaseTesting", "CaseClient", "CaseStoreSQLite", "CaseWire", "CaseCore", "ChildProcesses", "Evidence",
                "WorkingTime",
                "cased", "casectl",
            ],
            exclude: ["OlderStores"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
