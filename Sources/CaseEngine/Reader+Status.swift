import CaseCore
import CaseStore
import CaseWire

extension Reader {
    /// How the server does. Counting the lights looks at all open cases.
    func status() throws -> [UInt8] {
        let now = context.time.now
        let (sums, backup) = try context.store.read {
            (try $0.openSums(by: .office, ReportFilter(), now: now), try StoreSettings.lastBackup($0))
        }
        let (open, warned, overdue) = sums.values.reduce((0, 0, 0)) { ($0.0 + $1.count, $0.1 + $1.warned, $0.2 + $1.overdue) }
        return JSONWriter.bytes { writer in
            writer.object { writer in
                writer.member("since", engine.since)
                writer.member("now", now)
                writer.member("store_bytes", context.store.byteCount)
                writer.key("lights")
                writer.object {
                    $0.member("green", open - warned - overdue)
                    $0.member("yellow", warned)
                    $0.member("red", overdue)
                }
                writer.key("watchdog")
                if let watchdog = engine.view.watchdog {
                    writer.object {
                        $0.member("interval_ms", watchdog.interval)
                        $0.member("at", watchdog.at)
                    }
                } else {
                    writer.null()
                }
                writer.member("last_backup", backup)
                writer.key("store_fault")
                if let trouble = engine.view.storeFault {
                    writer.object {
                        $0.member("since", trouble.since)
                        $0.member("what", trouble.what)
                        $0.member("refuses_commands", trouble.refusesCommands)
                    }
                } else {
                    writer.null()
                }
            }
        }
    }
}
