import CaseClient
import CaseTesting
import CaseWire
import Foundation
import Synchronization
import Testing

/// The service under a real systemd: who gets in, and what it survives.
@Suite("The service", .enabled(if: Machine.isAllowed, "SKIPPED: this machine allows no namespaces, so no service was tried"))
struct ServiceTests {
    private static let watchClosely = """
        mkdir -p /etc/systemd/system/cased.service.d
        printf '[Service]\\nWatchdogSec=3s\\n' > /etc/systemd/system/cased.service.d/test.conf
        systemctl daemon-reload
        """

    private func office() throws -> Machine {
        let machine = try Machine.installed()
        try machine.run(Office.open)
        return machine
    }

    @Test("A client of the group starts the service by connecting, and is known by its uid; others are not let in")
    func activation() throws {
        let machine = try office()
        try machine.run("systemctl stop cased.service")
        #expect(try machine.attempt("systemctl is-active cased.service").output == "inactive\n")
        #expect(try machine.run("runuser -u hall -- casectl status --json").contains(#""name":"online-hall""#))
        #expect(try machine.run("systemctl is-active cased.service") == "active\n")
        let stranger = try machine.attempt("runuser -u stranger -- casectl status")
        #expect(stranger.status == 69 && stranger.errors.contains("Permission denied"), "\(stranger.errors)")
        // Root and members of the admin group are admins, nobody else.
        #expect(try machine.attempt("runuser -u hall -- casectl catalog cancel").status == 77)
        try machine.run("usermod --append --groups cased,cased-admin stranger")
        let admin = try machine.attempt("runuser -u stranger -- casectl catalog cancel")
        #expect(admin.status == 1 && admin.errors.contains("no catalogue waits"), "\(admin.errors)")
        machine.stop()
    }

    @Test("A daemon that hangs is ended by the watchdog and goes on from its store; so is one that is killed")
    func ends() throws {
        let machine = try office()
        try machine.run(
            """
            \(ServiceTests.watchClosely)
            systemctl restart cased.service
            """)
        try machine.run(Office.submit)
        try machine.wait(until: "casectl status | grep -q 'every 3 s, last at'")
        func restarts() throws -> Int {
            try Int(machine.run("systemctl show -P NRestarts cased.service").trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
        }
        #expect(try restarts() == 0)
        try machine.run("systemctl kill --kill-whom=main --signal=STOP cased.service")
        try machine.wait(until: "test $(systemctl show -P NRestarts cased.service) = 1")
        try machine.wait(until: "journalctl -u cased.service | grep -qF 'Watchdog timeout'")
        #expect(try machine.run("casectl count") == "1\n")
        try machine.run("systemctl kill --kill-whom=main --signal=KILL cased.service")
        try machine.wait(until: "test $(systemctl show -P NRestarts cased.service) = 2")
        #expect(try machine.run("casectl count") == "1\n")
        machine.stop()
    }

    @Test("Restarts under load lose no request, do none twice, and no watcher misses an event")
    func restarts() throws {
        let machine = try office()
        let path = machine.path("/run/cased/cased.sock")
        // root gives its own user a part: that counts once somebody else agrees, here the daemon's own user.
        try machine.run("printf '[user.0]\\nservice = \"online-hall\"\\n' >> users.toml && \(Office.open)")
        #expect(try machine.attempt("casectl catalog confirm").status == 77)
        try machine.run("runuser -u cased -- casectl catalog confirm")
        let watched = Mutex<[String]>([])
        let answered = Mutex<Set<String>>([])
        let lost = Mutex<[String]>([])
        let pauses = Mutex<[Double]>([])
        // How many cases there are once all but one were submitted; nil while it is not known.
        let total = Mutex<Int?>(nil)
        let areRestartsOver = Mutex(false)
        @Sendable func submit(_ key: String) {
            let params: JSONValue = [
                "matter": "working-hours", "title": "x", "applicant": ["id": "91X", "name": "A"], "materials": ["application-form"],
            ]
            let start = DispatchTime.now().uptimeNanoseconds
            let result = try? PatientClient(path: path, patience: 60).command("case.submit", params, key: key).get()
            if let id = result?["case"]?.string { answered.withLock { _ = $0.insert(id) } } else { lost.withLock { $0.append(key) } }
            pauses.withLock { $0.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9) }
        }
        let (load, watcher) = (DispatchGroup(), DispatchGroup())
        watcher.enter()
        Thread.detachNewThread {
            defer { watcher.leave() }
            var cursor = "start"
            try? PatientClient(path: path, patience: 60).follow([:], from: &cursor, timeout: { 60_000 }) { told in
                guard told["event"]?["event"]?.string == "submitted", let id = told["event"]?["case"]?.string else { return true }
                let count = watched.withLock { watched in
                    watched.append(id)
                    return watched.count
                }
                return total.withLock { $0 }.map { count <= $0 } ?? true
            }
        }
        for client in 0..<4 {
            load.enter()
            Thread.detachNewThread {
                defer { load.leave() }
                var number = 0
                repeat {
                    submit("k-\(client)-\(number)")
                    number += 1
                } while !areRestartsOver.withLock { $0 }
            }
        }
        for _ in 0..<5 { try machine.run("systemctl restart cased.service") }
        areRestartsOver.withLock { $0 = true }
        load.wait()
        #expect(lost.withLock { $0 }.isEmpty)
        let count = answered.withLock { $0.count }
        #expect(try machine.run("casectl count") == "\(count)\n", "a request was done twice")
        print("longest pause of a client over 5 restarts and \(count) requests: \(pauses.withLock { $0.max()! }) s")

        // The watcher hears of the last case after all others.
        total.withLock { $0 = count }
        submit("last")
        watcher.wait()
        #expect(watched.withLock { $0 }.count == count + 1 && Set(watched.withLock { $0 }) == answered.withLock { $0 })
        machine.stop()
    }

    @Test("A reload takes new options; a wrong file fails the reload, says why, and changes nothing")
    func reload() throws {
        let machine = try office()
        let process = try machine.run("systemctl show -P MainPID cased.service")
        try machine.run("sed -i 's/^log-level.*/log-level = \"debug\"/' /etc/cased/cased.toml && systemctl reload cased.service")
        try machine.run(Office.submit)
        try machine.wait(until: "journalctl -u cased.service -o verbose CASED_CASE=C-1 | grep -q 'MESSAGE=C-1 submitted'")
        try machine.run("sed -i 's/^log-level.*/log-levle = \"info\"/' /etc/cased/cased.toml")
        #expect(try machine.attempt("systemctl reload cased.service").status != 0)
        try machine.wait(until: "journalctl | grep -qF 'there is no option log-levle'")
        try machine.run("systemctl kill --kill-whom=main --signal=HUP cased.service")
        try machine.wait(until: "systemctl status cased.service | grep -q 'options stay as they were'")
        #expect(try machine.run("systemctl show -P MainPID cased.service") == process)
        machine.stop()
    }

    @Test("The journal has fields to search by, and explains its messages in two languages")
    func journal() throws {
        let machine = try office()
        try machine.run(Office.submit)
        try machine.run(
            """
            runuser -u chen -- casectl accept C-1
            runuser -u chen -- casectl recommend C-1 grant --opinion ok
            runuser -u zhang -- casectl grant C-1 --key grant-1
            """)
        try machine.wait(until: "journalctl CASED_REQUEST=grant-1 | grep -q 'C-1 granted'")
        let entry = try machine.run("journalctl -o json CASED_REQUEST=grant-1")
        #expect(entry.contains(#""CASED_CASE":"C-1""#) && entry.contains(#""CASED_ACTOR":"zhang.min""#) && entry.contains("MESSAGE_ID"))
        #expect(try machine.run("journalctl -x CASED_REQUEST=grant-1").contains("casectl history C-1 is the evidence"))
        // This machine has no Chinese locale to show it in, but its catalogue has been compiled.
        #expect(try machine.run("grep -ac '已作出决定' /var/lib/systemd/catalog/database") != "0\n")
        // EACCES (13) is about LimitNICE=, which a machine in namespaces may not be able to grant; EPERM would be the sandbox's.
        let complaints = try machine.attempt("journalctl -t cased | grep 'Failed to' | grep -v 'errno=13'")
        #expect(complaints.output.isEmpty, "the sandbox takes away what the daemon needs")
        machine.stop()
    }

    @Test("A unit that fails is reported, and a configuration that a person must mend is not tried again")
    func alert() throws {
        let machine = try office()
        try machine.run("echo 'admin-group = \"nobody-has-it\"' > /etc/cased/cased.toml")
        #expect(try machine.attempt("systemctl restart cased.service").status != 0)
        try machine.wait(until: "journalctl -p alert | grep -q 'cased.service failed'")
        #expect(try machine.run("systemctl show -P ExecMainStatus cased.service") == "78\n")
        #expect(try machine.run("systemctl show -P NRestarts cased.service") == "0\n")
        try machine.wait(until: "journalctl -u cased.service | grep -qF 'there is no unix group nobody-has-it'")
        machine.stop()
    }

    @Test("While a client waits for what a person must mend, the service keeps its socket, and the documented mend works")
    func mendedWhileClientsWait() throws {
        let machine = try office()
        try machine.run("systemctl stop cased.service && echo 'admin-group = \"nobody-has-it\"' > /etc/cased/cased.toml")
        // Clients that come again and again, as many as would use up any number of attempts.
        try machine.run(
            "for n in 1 2 3; do (until casectl count > counted-$n 2> /dev/null; do :; done) < /dev/null > /dev/null 2>&1 & done")
        try machine.wait(until: "test $(journalctl -u cased.service | grep -c 'there is no unix group nobody-has-it') -ge 2")
        #expect(try machine.run("systemctl is-active cased.socket") == "active\n")
        try machine.run("rm /etc/cased/cased.toml && touch /etc/cased/cased.toml && systemctl restart cased.service")
        #expect(try machine.run("systemctl is-active cased.service cased.socket") == "active\nactive\n")
        try machine.wait(until: "test -s counted-1 && test -s counted-2 && test -s counted-3")
        // Nobody was told more than twice.
        let alerts = try machine.run("journalctl -p alert | grep -c 'cased.service failed'").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try #require(Int(alerts)) <= 2)
        machine.stop()
    }

    @Test("What the unit promises is what systemd does: no core files, a limit on memory, no start before the clock is set")
    func promises() throws {
        let machine = try office()
        #expect(try machine.run("systemctl show -P LimitCORE cased.service") == "0\n")
        #expect(try machine.run("systemctl show -P MemoryHigh cased.service") == "1073741824\n")
        #expect(try machine.run("systemctl show -P After cased.service").contains("time-sync.target"))
        // A machine in namespaces may not be able to grant it.
        #expect(try machine.run("systemctl show -P OOMScoreAdjust cased.service") == "-500\n")
        #expect(try machine.run("grep 'core file' /proc/$(systemctl show -P MainPID cased.service)/limits").contains(" 0 "))
        machine.stop()
    }

    @Test("A disk that is not mounted is no new beginning, and the mend is to mount it and restart")
    func diskAway() throws {
        let machine = try Machine.installed()
        try machine.run(
            """
            systemctl stop cased.service
            mkdir /mnt/disk
            mount -t tmpfs -o size=30m,mode=700,uid=$(id -u cased),gid=$(id -g cased) tmpfs /mnt/disk
            rm -rf /var/lib/cased/*
            mount --bind /mnt/disk /var/lib/cased
            systemctl start cased.service
            \(Office.open)
            sed -i 's/^# require-store/require-store/' /etc/cased/cased.toml
            systemctl restart cased.service
            """)
        try machine.run(Office.submit)
        // The service has its own mounts: it goes on with the disk until it ends.
        try machine.run("umount -l /var/lib/cased")
        try machine.run(Office.submit)
        #expect(try machine.attempt("systemctl restart cased.service").status != 0)
        #expect(try machine.run("systemctl show -P ExecMainStatus cased.service") == "78\n")
        // A client that comes starts it, on a folder without a store.
        try machine.run("(until casectl count > counted 2> /dev/null; do :; done) < /dev/null > /dev/null 2>&1 &")
        try machine.wait(until: "journalctl -u cased.service | grep -q 'there is no store in /var/lib/cased'")
        #expect(try machine.run("ls /var/lib/cased") == "lock\n")
        try machine.run("mount --bind /mnt/disk /var/lib/cased && systemctl restart cased.service")
        try machine.wait(until: "test -s counted")
        #expect(try machine.run("cat counted") == "2\n")
        machine.stop()
    }

    @Test("On a full disk commands are refused, nothing is lost, and work goes on when there is room")
    func fullDisk() throws {
        let machine = try Machine.installed()
        try machine.run(
            """
            \(ServiceTests.watchClosely)
            systemctl stop cased.service
            mount -t tmpfs -o size=3m,mode=700,uid=$(id -u cased),gid=$(id -g cased) tmpfs /var/lib/cased
            systemctl start cased.service
            \(Office.open)
            """)
        try machine.run(
            """
            fill=$(($(df --output=avail -B1 /var/lib/cased | tail -1) - 300000))
            head -c $fill /dev/zero > /var/lib/cased/filler
            n=0
            while runuser -u hall -- casectl rpc case.submit '{"matter":"working-hours","title":"x","applicant":{"id":"91X","name":"A"},"materials":["application-form"],"fields":{"x":"'$(head -c 9000 /dev/zero | tr '\\0' x)'"}}' > /dev/null 2> refusal; do n=$((n + 1)); done
            echo $n > taken
            """)
        #expect(try machine.run("cat refusal").contains("no space is left for the store"))
        // Whose readings go on record reads nothing meanwhile; those who submitted do.
        #expect(try machine.run("runuser -u hall -- casectl count") == machine.run("cat taken"))
        // A full disk is no reason to be ended: the watchdog is content.
        let last = try machine.run("casectl status | grep watchdog")
        try machine.wait(until: "casectl status | grep watchdog > now && test \"$(cat now)\" != '\(last.dropLast())'")
        #expect(try machine.run("systemctl show -P NRestarts cased.service") == "0\n")
        try machine.run("rm /var/lib/cased/filler")
        try machine.run(Office.submit)
        #expect(
            try machine.run("test $(casectl count) = $(($(cat taken) + 1)) && journalctl -u cased.service").contains("no space is left"))
        machine.stop()
    }

    @Test("A state directory that cannot be written is said so, once, and nothing is tried again")
    func readOnly() throws {
        let machine = try office()
        try machine.run(
            "systemctl stop cased.service && mount --bind /var/lib/cased /var/lib/cased && mount -o remount,ro,bind /var/lib/cased")
        #expect(try machine.attempt("systemctl start cased.service").status != 0)
        try machine.wait(until: "journalctl -u cased.service | grep -qE 'cannot be written|Read-only file system'")
        try machine.run("umount /var/lib/cased && systemctl reset-failed cased.service cased.socket && systemctl start cased.service")
        #expect(try machine.run("systemctl is-active cased.service") == "active\n")
        machine.stop()
    }

    @Test("Reports, metrics and copies are made by their services")
    func timers() throws {
        let machine = try office()
        try machine.run(Office.submit)
        try machine.run(
            """
            systemctl start cased-sla-report.service cased-backup.service
            mkdir -p /var/lib/prometheus/node-exporter
            systemctl start cased-metrics.service
            """)
        try machine.wait(until: "journalctl -u cased-sla-report.service | grep -qF 'NAME'")
        #expect(try machine.run("cat /var/lib/cased-report/report.html").contains("</html>"))
        #expect(try machine.run("cat /var/lib/prometheus/node-exporter/*.prom").contains("cased_store_bytes"))
        #expect(try machine.run("tail -qn 1 /var/lib/prometheus/node-exporter/*.prom") == "# EOF\n# EOF\n")
        #expect(try machine.run("ls -l /var/backups/cased").contains("-rw-------"))
        #expect(try !machine.run("casectl status").contains("last backup                       none"))
        // Whoever has an address gets what comes after the first run.
        try machine.run(
            """
            printf '#!/bin/sh\\ncat >> mail\\n' > /usr/sbin/sendmail
            chmod 755 /usr/sbin/sendmail
            echo 'applicant:91X post@example.org' > /etc/cased/addresses
            systemctl start cased-notify.service
            runuser -u chen -- casectl accept C-1
            systemctl start cased-notify.service
            """)
        #expect(try machine.run("cat /var/lib/cased-notify/mail").contains("To: post@example.org"))
        for timer in ["cased-sla-report.timer", "cased-backup.timer", "cased-notify.timer", "cased-witness.timer"] {
            #expect(try machine.run("systemctl is-enabled \(timer)") == "enabled\n")
        }
        machine.stop()
    }

    @Test("A witness is handed checkpoints by its service, and a store that is put back whole, with its folder, is not started any more")
    func witness() throws {
        let machine = try office()
        try machine.run(
            """
            # Nobody is named: nothing happens, and nothing fails.
            systemctl start cased-witness.service
            test ! -e /var/lib/cased-witness/witnessed
            install -d -o cased -g cased /srv/notary
            echo "WITNESS=--folder /srv/notary --exec 'cat > printed'" > /etc/cased/witness
            systemctl start cased-witness.service
            test -s /var/lib/cased-witness/witnessed
            cmp /var/lib/cased-witness/witnessed /var/lib/cased-witness/printed
            find /srv/notary -type f | grep -q .
            sed -i 's/^# witnessed/witnessed/' /etc/cased/cased.toml
            systemctl stop cased.socket cased.service
            cp -a /var/lib/cased before
            systemctl start cased.socket cased.service
            \(Office.submit)
            """)
        try machine.wait(until: "! casectl evidence checkpoint | cmp -s - /var/lib/cased-witness/witnessed")
        try machine.run("systemctl start cased-witness.service")
        #expect(try machine.run("casectl status").contains("last witnessed"))
        try machine.run("systemctl stop cased.socket cased.service && rm -r /var/lib/cased && cp -a before /var/lib/cased")
        #expect(try machine.attempt("systemctl start cased.service").status != 0)
        try machine.wait(until: "journalctl -u cased.service | grep -qF 'entries of its journal were witnessed, and it has'")
        machine.stop()
    }

    @Test("A receipt key that is kept outside the store is taken from the credential store, and the store works with no other")
    func credential() throws {
        let machine = try Machine.installed()
        try machine.run(
            """
            systemctl stop cased.service
            rm -r /var/lib/cased/*
            mkdir -p /etc/credstore
            printf '%064d' 7 > /etc/credstore/cased.receipt-key
            \(Office.open)
            \(Office.submit)
            """)
        #expect(try machine.run("cat /var/lib/cased/cased.sqlite* | grep -ac 'credential:'") != "0\n")
        try machine.run("rm /etc/credstore/cased.receipt-key")
        #expect(try machine.attempt("systemctl restart cased.service").status != 0)
        try machine.wait(until: "journalctl -u cased.service | grep -qF 'give it back as the credential cased.receipt-key'")
        machine.stop()
    }

    @Test("docs/operations.md: its commands do what it says")
    func operations() throws {
        let machine = try office()
        try machine.run(Office.submit)
        let text = try String(contentsOfFile: "\(SharedData.project)/docs/operations.md", encoding: .utf8)
        let blocks = text.split(separator: "```sh\n", omittingEmptySubsequences: false).dropFirst()
            .map { String($0[..<($0.firstRange(of: "\n```")?.lowerBound ?? $0.endIndex)]) }
        #expect(blocks.count >= 7)
        for block in blocks {
            let program = try machine.attempt("export DEBIAN_FRONTEND=noninteractive SYSTEMD_PAGER=\n\(block)")
            let heard = program.status == 0 ? "" : try machine.attempt("journalctl -n 20 --no-pager").output
            #expect(program.status == 0, "\(block)\n\(program.output)\n\(program.errors)\n\(heard)")
        }
        #expect(try machine.run("casectl count") == "1\n", "the case is there after the restore")
        #expect(try machine.run("casectl clock history").contains("restored"))
        machine.stop()
    }
}
