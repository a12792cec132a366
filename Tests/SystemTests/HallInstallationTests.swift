import CaseTesting
import Foundation
import Testing

/// The second package, on the machine of the daemon.
@Suite(
    "The package of the hall", .enabled(if: Machine.isAllowed, "SKIPPED: this machine allows no namespaces, so no hall was installed"),
    .serialized)
struct HallInstallationTests {
    private static let install = "DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ./casehall.deb"

    /// What comes from a port of the machine.
    private func page(_ path: String, _ port: Int = 8080) -> String {
        """
        exec 3<>/dev/tcp/127.0.0.1/\(port)
        printf 'GET \(path) HTTP/1.1\\r\\nHost: hall.example\\r\\nConnection: close\\r\\n\\r\\n' >&3
        cat <&3
        """
    }

    private func user(_ unit: String) -> String {
        "stat -c %U /proc/$(systemctl show -P MainPID \(unit))"
    }

    /// An office whose catalogue says who the halls are.
    private func hall() throws -> Machine {
        let machine = try Machine.installed()
        try machine.run(
            """
            cat >> users.toml <<'END'
            [user.casehall]
            service = "online-hall"

            [service.supervision-hall]
            name = "Desks of those who supervise"

            [user.casehall-supervision]
            service = "supervision-hall"
            END
            \(Office.open)
            \(Self.install)
            """)
        return machine
    }

    @Test("One command installs it: whoever connects starts it, it is its own user, and goes on after a kill, an upgrade and a reboot")
    func installation() throws {
        let machine = try hall()
        #expect(try machine.attempt("systemctl is-active casehall.service").output == "inactive\n")
        #expect(try machine.run("systemctl is-enabled casehall.socket") == "enabled\n")
        let start = try machine.run(page("/"))
        #expect(start.hasPrefix("HTTP/1.1 200") && start.contains("</html>"), "\(start)")
        #expect(try machine.run(page("/matters/working-hours")).hasPrefix("HTTP/1.1 200"))
        #expect(try machine.run(user("casehall.service")) == "casehall\n")
        #expect(try machine.run("runuser -u casehall -- casectl status --json").contains(#""name":"online-hall""#))
        #expect(try machine.run("stat -c '%U %a' /var/lib/casehall") == "casehall 700\n")
        #expect(try machine.attempt("test -s /usr/share/man/man8/casehall.8.gz").status == 0)
        #expect(try machine.attempt("test -s /usr/share/doc/casehall/examples/nginx.conf").status == 0)
        // It has no network but that socket.
        try machine.run("test $(nsenter -n -t $(systemctl show -P MainPID casehall.service) tail -n +3 /proc/net/dev | wc -l) = 1")

        try machine.run("systemctl kill --kill-whom=main --signal=KILL casehall.service")
        #expect(try machine.run(page("/")).hasPrefix("HTTP/1.1 200"))
        // While the daemon is away, a page says so.
        try machine.run("systemctl stop cased.socket cased.service")
        #expect(try machine.run(page("/matters")).hasPrefix("HTTP/1.1 503"))
        try machine.run("systemctl start cased.socket")
        #expect(try machine.run(page("/matters")).hasPrefix("HTTP/1.1 200"))

        let process = try machine.run("systemctl show -P MainPID casehall.service")
        try machine.run("\(Self.install) --reinstall")
        #expect(try machine.run(page("/")).hasPrefix("HTTP/1.1 200"))
        #expect(try machine.run("systemctl show -P MainPID casehall.service") != process, "the hall was not exchanged")
        try machine.reboot()
        #expect(try machine.run("systemctl is-active casehall.socket") == "active\n")
        #expect(try machine.run(page("/")).hasPrefix("HTTP/1.1 200"))
        machine.stop()
    }

    @Test("Those who supervise have a hall of another user, which an administrator enables")
    func supervision() throws {
        let machine = try hall()
        #expect(try machine.attempt("systemctl is-enabled casehall-supervision.socket").output == "disabled\n")
        try machine.run("systemctl enable --now casehall-supervision.socket")
        let first = try machine.run(page("/", 8081))
        #expect(first.hasPrefix("HTTP/1.1 200"), "\(first)")
        #expect(try machine.run(page("/")).hasPrefix("HTTP/1.1 200"))
        #expect(try machine.run(user("casehall-supervision.service")) == "casehall-supervision\n")
        #expect(try machine.run(user("casehall.service")) == "casehall\n")
        machine.stop()
    }

    @Test("systemd finds nothing wrong with its units, and it exposes no more than the daemon")
    func units() throws {
        let machine = try hall()
        let verified = try machine.attempt("systemd-analyze verify --man=no /usr/lib/systemd/system/casehall* 2>&1")
        #expect(verified.status == 0 && verified.output.isEmpty, "\(verified.output)")
        func exposure(_ unit: String) throws -> Double {
            let line = try machine.run("systemd-analyze security --no-pager \(unit) | tail -1")
            return try #require(line.firstMatch(of: /([0-9]+\.[0-9]+)/).flatMap { Double($0.1) }, "\(line)")
        }
        let daemon = try exposure("cased.service")
        for unit in ["casehall.service", "casehall-supervision.service"] {
            let figure = try exposure(unit)
            print("exposure of \(unit): \(figure)")
            #expect(figure <= daemon)
        }
        machine.stop()
    }

    @Test(
        "A drop-in puts it on a Unix socket that the proxy alone can open, and an option that nobody understands is said, not passed over")
    func options() throws {
        let machine = try hall()
        try machine.run(
            """
            mkdir -p /etc/systemd/system/casehall.socket.d
            cp /usr/share/doc/casehall/examples/unix-socket.conf /etc/systemd/system/casehall.socket.d/
            echo "HALL=--proxy-user $(id -u www-data) --person-header X-Person" > /etc/cased/casehall
            systemctl daemon-reload
            systemctl stop casehall.socket casehall.service
            systemctl start casehall.socket
            """)
        #expect(try machine.run("stat -c '%U %a' /run/casehall/casehall.sock") == "www-data 600\n")
        try machine.run("systemctl start casehall.service")
        #expect(try machine.attempt(page("/")).status != 0, "the port is still open")
        try machine.run("echo 'HALL=--no-such-option' > /etc/cased/casehall && systemctl stop casehall.service")
        #expect(try machine.attempt("systemctl start casehall.service").status != 0)
        try machine.wait(until: "journalctl -u casehall.service | grep -qF -- '--no-such-option'")
        machine.stop()
    }

    @Test("Purging leaves what applicants have handed in, unless somebody says otherwise, and nothing else")
    func purge() throws {
        let machine = try hall()
        try machine.run(page("/"))
        try machine.run("install -o casehall -m 600 /dev/null /var/lib/casehall/kept")
        try machine.run("DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq casehall")
        #expect(try machine.attempt("systemctl is-active casehall.socket casehall.service").output == "inactive\ninactive\n")
        let left = """
            find / -xdev -name '*casehall*' -not -path '/proc/*' -not -path '/srv/*' -not -path '/var/cache/*' -not -path '/var/log/*'
            """
        #expect(try machine.run(left) == "/var/lib/casehall\n")
        #expect(try machine.run("ls /var/lib/casehall").contains("kept\n"))
        #expect(try machine.attempt(page("/")).status != 0, "somebody still listens")
        #expect(try machine.run("casectl count") == "0\n", "the daemon went with it")
        try machine.run(
            """
            \(Self.install)
            echo 'casehall casehall/purge-materials boolean true' | debconf-set-selections
            DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq casehall
            """)
        #expect(try machine.run(left).isEmpty)
        machine.stop()
    }
}
