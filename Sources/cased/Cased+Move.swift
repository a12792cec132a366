import CaseEngine
import CaseStore
import CaseStorePostgreSQL
import CaseStoreSQLite
import Glibc
import Logging

extension Cased {
    /// Moves a store, and says how far it is where somebody looks on.
    func move(from source: String, to target: String, _ log: Logger) throws {
        let (from, to) = (try StoreTarget(source), try StoreTarget(target))
        guard source != target else { throw Unusable("\(source) is where the store is: name another place for it to go to") }
        let isShown = isatty(2) == 1
        defer { if isShown { Cased.show("\r\u{1B}[K") } }
        do {
            let source = try Cased.source(from)
            defer { (source as? FolderSource)?.close() }
            if case .database(let name) = from { log.notice("the head of \(name) is held: whoever writes there waits, and ends") }
            let move = try StoreMove(from: source, to: Cased.target(to)) { progress in
                guard isShown else { return }
                switch progress {
                case .read(let count): Cased.show("\r\u{1B}[K\(count) cases read")
                case .copied(let count): Cased.show("\r\u{1B}[K\(count) rows copied")
                case .compared(let count): Cased.show("\r\u{1B}[K\(count) cases compared")
                }
            }
            if isShown { Cased.show("\r\u{1B}[K") }
            log.entry(
                .storeMoved, "the store was moved; each row is what it was, and each case is what its journal says",
                [
                    "from": "\(source.name)", "to": "\(target)", "cases": "\(move.caseCount)", "entries": "\(move.entryCount)",
                    "rows": "\(move.rowCount)", "root": "\(move.root)",
                ])
        } catch let error as Unusable {
            throw error
        } catch let error as StateDirectory.Unusable {
            throw Unusable(error)
        } catch let error as PostgreSQLStore.Unusable {
            throw Unusable(error.description, mayPass: error.mayPass)
        } catch let error as UnfitStore {
            throw Unusable(error.description)
        } catch {
            throw Unusable("\(source) was not moved to \(target), and is as it was (\(error)): mend that, and move it once more")
        }
    }

    private static func source(_ place: StoreTarget) throws -> any MoveSource {
        switch place {
        case .folder(let path): try FolderSource(path)
        case .database(let target): try DatabaseSource(target, passfile: Credential.passfile())
        }
    }

    private static func target(_ place: StoreTarget) throws -> any MoveDestination {
        switch place {
        case .folder(let path): try FolderDestination(path)
        case .database(let target): try DatabaseDestination(target, passfile: Credential.passfile())
        }
    }
}
