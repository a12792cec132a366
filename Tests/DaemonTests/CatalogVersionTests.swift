import CaseTesting
import Foundation
import Testing

/// Versions of the catalogue as an admin sees them, over a real daemon on the machine's clock.
@Suite("casectl's catalogue versions")
struct CatalogVersionTests {
    private let directory = TemporaryDirectory()

    private func folder(_ files: [String: String]) throws -> TemporaryDirectory {
        let folder = TemporaryDirectory()
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)")) }
        return folder
    }

    private func handedOver() -> [String: String] {
        var files = SmallOffice.files()
        files["office.toml"]!.replace(#"holder = "lena""#, with: #"holder = "bela""#)
        return files
    }

    @Test("What waits for a second word is shown by apply, versions, diff and status, is refused to who asked, and ends when they go back")
    func waiting() throws {
        let daemon = try DaemonProcess(in: directory, isTraining: false)
        let (before, after) = (try folder(SmallOffice.files()), try folder(handedOver()))
        #expect(try daemon.casectl("catalog", "apply", before.path).status == 0)
        let change = "post.leader holder: from lena to bela"
        let applied = try daemon.casectl("catalog", "apply", after.path)
        #expect(applied.output.contains("second word") && applied.output.contains(change), "\(applied.output)")
        for shown in [try daemon.casectl("catalog", "versions"), try daemon.casectl("catalog", "diff")] {
            #expect(shown.output.contains(change))
        }
        #expect(try daemon.casectl("status").output.contains("since version 1 of the catalogue 1 part waits for a second word"))
        let own = try daemon.casectl("catalog", "confirm")
        #expect(own.status == 77 && own.errors.contains("the second word is somebody else's"), "\(own.errors)")
        #expect(
            try daemon.casectl("catalog", "apply").status == 64
                && daemon.casectl("catalog", "apply", after.path, "--version", "1").status == 64)
        #expect(try daemon.casectl("catalog", "apply", "--version", "1").output.contains("Version 3"))
        #expect(try !daemon.casectl("catalog", "versions").output.contains("Waits"))
        #expect(try !daemon.casectl("status").output.contains("second word"))
        #expect(try daemon.casectl("catalog", "diff", "1", "3").output.contains("nothing changes"))
        #expect(daemon.terminate() == 0)
    }

    @Test("A store for training says so for ever, and one that is not never becomes one")
    func training() throws {
        let daemon = try DaemonProcess(in: directory)
        let environment = ["CASED_SOCKET": daemon.socket]
        for folder in try [folder(SmallOffice.files()), folder(handedOver())] {
            #expect(try Program("casectl", ["catalog", "apply", folder.path], environment: environment).status == 0)
        }
        #expect(try !Program("casectl", ["catalog", "versions"], environment: environment).output.contains("Waits"))
        #expect(daemon.terminate() == 0)
        let again = try DaemonProcess(in: directory)
        #expect(try Program("casectl", ["status"], environment: ["CASED_SOCKET": again.socket]).output.contains("a store for training"))
        #expect(again.terminate() == 0)
        let other = TemporaryDirectory()
        #expect(try DaemonProcess(in: other, isTraining: false).terminate() == 0)
        let refused = try Program(
            "cased", ["--state-directory", "\(other.path)/state", "--socket", "\(other.path)/s", "--training"])
        #expect(refused.status == 78 && refused.errors.contains("not made for training"), "\(refused.status) \(refused.errors)")
    }
}
