import CaseTesting
import Foundation
import Testing

/// The package on a Debian 12 that boots, from its installation to its end.
@Suite("The package", .enabled(if: Machine.isAllowed, "SKIPPED: this machine allows no namespaces, so nothing was installed or booted"))
struct InstallationTests {
    @Test("One command installs it, a case is decided, the machine is rebooted, and the clocks go on")
    func installation() throws {
        let machine = try Machine.clean()
        try machine.run(Machine.install)
        try machine.run(Office.open)
        try machine.run(
            """
            \(Office.submit)
            runuser -u chen -- casectl accept C-1
            runuser -u chen -- casectl recommend C-1 grant --opinion "complete and lawful"
            runuser -u zhang -- casectl grant C-1
            \(Office.submit)
            runuser -u chen -- casectl accept C-2
            """)
        // What a person looks for after an installation.
        for file in [
            "man/man8/cased.8.gz", "man/man1/casectl-backup.1.gz", "bash-completion/completions/casectl", "zsh/site-functions/_casectl",
        ] {
            #expect(try machine.attempt("test -s /usr/share/\(file)").status == 0, "\(file) is missing")
        }
        let before = try machine.run("casectl explain C-2 --clock decision --json")
        try machine.reboot()
        #expect(try machine.run("systemctl is-active cased.socket") == "active\n")
        #expect(try machine.run("casectl show C-1 --json").contains(#""state":"granted""#))
        let after = try machine.run("casectl explain C-2 --clock decision --json")
        func due(_ text: String) -> Substring? { text.firstMatch(of: /"due":"[^"]*"/)?.0 }
        #expect(due(before) != nil && due(before) == due(after), "the reboot moved a deadline")
        #expect(try machine.run("casectl status").contains("running since"))
        machine.stop()
    }

    @Test("An upgrade keeps cases and their clocks, and the socket, in which clients wait meanwhile")
    func upgrade() throws {
        let machine = try Machine.installed()
        try machine.run(
            """
            dpkg-deb -R cased.deb older
            sed -i 's/^Version: .*/Version: 0.0.9/' older/DEBIAN/control
            dpkg-deb -Znone -b older older.deb > /dev/null
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --allow-downgrades ./older.deb
            \(Office.open)
            \(Office.submit)
            """)
        func due() throws -> Substring? { try machine.run("casectl show C-1 --json").firstMatch(of: /"due":"[^"]*"/)?.0 }
        func processID() throws -> String { try machine.run("systemctl show -P MainPID cased.service") }
        let (before, process) = (try due(), try processID())
        let socket = try machine.run("stat -c %i /run/cased/cased.sock")
        try machine.run("DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ./cased.deb")
        #expect(try machine.run("dpkg-query -W -f '${Version}' cased") != "0.0.9")
        let after = try due()
        #expect(before != nil && before == after)
        #expect(try processID() != process, "the daemon was not exchanged")
        #expect(try machine.run("stat -c %i /run/cased/cased.sock") == socket, "clients were sent away")
        #expect(try machine.run("casectl count") == "1\n")
        machine.stop()
    }

    @Test("Purging leaves every case where it is, unless somebody says otherwise")
    func purge() throws {
        let machine = try Machine.installed()
        try machine.run(Office.open)
        try machine.run(Office.submit)
        try machine.run("DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq cased")
        #expect(try machine.run("ls /var/lib/cased").contains("cased.sqlite"))
        #expect(try machine.attempt("test -e /run/cased/cased.sock").status != 0)
        #expect(try machine.attempt("test -e /usr/lib/systemd/system/cased.service").status != 0)
        try machine.run("DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ./cased.deb")
        #expect(try machine.run("casectl count") == "1\n")
        try machine.run(
            """
            echo 'cased cased/purge-state boolean true' | debconf-set-selections
            DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq cased
            """)
        #expect(try machine.attempt("test -e /var/lib/cased").status != 0)
        machine.stop()
    }

    @Test("systemd finds nothing wrong with the units, and the service exposes at most 0.6")
    func units() throws {
        let machine = try Machine.installed()
        let verified = try machine.attempt("systemd-analyze verify --man=no /usr/lib/systemd/system/cased* 2>&1")
        #expect(verified.status == 0 && verified.output.isEmpty, "\(verified.output)")
        let exposure = try machine.run("systemd-analyze security --no-pager cased.service | tail -1")
        let figure = try #require(exposure.firstMatch(of: /([0-9]+\.[0-9]+)/).flatMap { Double($0.1) }, "\(exposure)")
        print("exposure of cased.service: \(figure)")
        #expect(figure <= 0.6)
        #expect(try machine.run("systemctl show -P PrivateUsers cased.service") == "no\n")
        machine.stop()
    }
}

/// The permits example's office inside a machine.
enum Office {
    static let open = "casectl catalog apply catalog --with users.toml"
    static let submit =
        "runuser -u hall -- casectl submit working-hours --title 'Shift plan' --applicant-id 91X --applicant-name A --material application-form"
}
