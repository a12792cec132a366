import ArgumentParser
import CaseTesting
import Foundation

/// Many commits, one after the other: whether the last are as fast as the first, and the daemon as small.
struct SoakRun {
    /// Commits that are measured together.
    static let window = 20_000
    /// What the last window has to reach, as a share of the second: the first warms up.
    private static let leastShare = 0.9
    /// How much the daemon may have grown since the second window, in MiB.
    private static let mostGrowth = 8.0

    private let total: Int

    init(total: Int) {
        self.total = total
    }

    func run() throws {
        let daemon = try DaemonProcess(in: TemporaryDirectory())
        try prepare(daemon)
        print("\none connection, one submission a commit\n   commits   commits/s   resident MiB")
        var windows: [(perSecond: Double, resident: Double)] = []
        for number in 1...total / SoakRun.window {
            let load = try LoadRun(socket: daemon.socket, connections: 1, window: 1)
            let result = try load.submit(SoakRun.window, tag: "soak-\(number)")
            windows.append((result.perSecond, residentMiB(daemon)))
            print(String(format: "%10d  %10.0f  %13.1f", number * SoakRun.window, windows.last!.perSecond, windows.last!.resident))
        }
        daemon.terminate()
        let share = windows.last!.perSecond / windows[1].perSecond
        let growth = windows.last!.resident - windows[1].resident
        print(String(format: "the last window has %.2f of the second's speed, and %.1f MiB more", share, growth))
        guard share >= SoakRun.leastShare, growth <= SoakRun.mostGrowth else {
            print("this is not flat: at least \(SoakRun.leastShare), and at most \(SoakRun.mostGrowth) MiB more, is")
            throw ExitCode.failure
        }
    }
}
