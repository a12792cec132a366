import Foundation

/// The program of this project by which the packages of Go's checksum database judge what is exported (`Tests/GoVerifier`).
package enum GoVerifier {
    private static let compiler = ["/usr/bin/go", "/usr/local/go/bin/go"].first { FileManager.default.isExecutableFile(atPath: $0) }
    private static let packages = "/usr/share/gocode"

    /// Whether it can be built.
    package static let isThere = compiler != nil && FileManager.default.fileExists(atPath: "\(packages)/src/golang.org/x/mod/sumdb/tlog")
    /// Why not, and what mends that.
    package static let whereFrom = "Go's packages are not installed: apt-get install golang-go golang-golang-x-mod-dev"

    private static let folder = TemporaryDirectory()

    /// Its path. It is built once for a process, of the system's packages alone.
    package static let program: String = {
        folder.keepUntilExit()
        let path = "\(folder.path)/goverifier"
        let built = try! Program(
            compiler!, ["build", "-o", path, "\(SharedData.project)/Tests/GoVerifier/main.go"],
            environment: [
                "GO111MODULE": "off", "GOPATH": packages, "GOCACHE": "\(folder.path)/cache", "HOME": folder.path, "PATH": "/usr/bin:/bin",
                "CGO_ENABLED": "0",
            ])
        precondition(built.status == 0, built.errors)
        return path
    }()
}
