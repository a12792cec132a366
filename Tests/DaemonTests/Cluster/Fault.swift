import Foundation

/// Something that happens to a node, or to the database that is the primary, and that passes.
struct Fault {
    enum Kind: String, CaseIterable {
        case nodeKilled = "node killed"
        case nodePaused = "node paused"
        case nodeCut = "node cut off"
        case nodeCutInward = "node hears nothing"
        case nodeCutOutward = "node is not heard"
        case nodeAhead = "node's clock ahead"
        case nodeBehind = "node's clock behind"
        case primaryKilled = "primary killed"
        case primaryPaused = "primary paused"
        case primaryCut = "primary cut off"
        case primaryCutInward = "primary hears nothing"
        case primaryCutOutward = "primary is not heard"
        case primaryFull = "primary's disk full"
        case primaryAhead = "primary's clock ahead"
        case primaryBehind = "primary's clock behind"

        var isOfNode: Bool {
            switch self {
            case .nodeKilled, .nodePaused, .nodeCut, .nodeCutInward, .nodeCutOutward, .nodeAhead, .nodeBehind: true
            case .primaryKilled, .primaryPaused, .primaryCut, .primaryCutInward, .primaryCutOutward, .primaryFull, .primaryAhead,
                .primaryBehind:
                false
            }
        }

        /// For how long, in seconds: a node stands still for longer than a session, a statement or a lock may; a primary is away for
        /// longer than Patroni waits for it.
        var length: UInt32 {
            switch self {
            case .nodePaused: 75
            case .nodeKilled: 5
            case .nodeCut, .nodeCutInward, .nodeCutOutward, .nodeAhead, .nodeBehind, .primaryAhead, .primaryBehind: 20
            case .primaryKilled, .primaryPaused, .primaryCut, .primaryCutInward, .primaryCutOutward, .primaryFull: 25
            }
        }
    }

    /// By how many seconds a clock is set wrong.
    private static let hours: Int64 = 5 * 3600

    let kind: Kind
    let machine: String

    func strike(_ nodes: NodeCluster) throws {
        let namespaces = nodes.namespaces
        switch kind {
        case .nodeKilled: try namespaces.signal("KILL", on: machine, program: "cased")
        case .nodePaused, .primaryPaused: try namespaces.signal("STOP", on: machine)
        case .nodeCut, .primaryCut: try namespaces.cut(machine, .both)
        case .nodeCutInward, .primaryCutInward: try namespaces.cut(machine, .inward)
        case .nodeCutOutward, .primaryCutOutward: try namespaces.cut(machine, .outward)
        case .nodeAhead, .primaryAhead: try nodes.clock.set(machine, aheadBy: Fault.hours)
        case .nodeBehind, .primaryBehind: try nodes.clock.set(machine, aheadBy: -Fault.hours)
        case .primaryKilled: try namespaces.kill(machine)
        case .primaryFull: try namespaces.fillDisk(machine)
        }
    }

    func heal(_ nodes: NodeCluster) throws {
        let namespaces = nodes.namespaces
        switch kind {
        case .nodeKilled: break
        case .nodePaused, .primaryPaused: try namespaces.signal("CONT", on: machine)
        case .nodeCut, .nodeCutInward, .nodeCutOutward, .primaryCut, .primaryCutInward, .primaryCutOutward: try namespaces.mend(machine)
        case .nodeAhead, .nodeBehind: try nodes.clock.set(machine, aheadBy: 0)
        case .primaryAhead, .primaryBehind:
            try nodes.clock.set(machine, aheadBy: 0)
            // It sleeps for as long as its clock was set back.
            try namespaces.signal("KILL", on: machine, program: "patroni")
            try nodes.databases.database(machine).start()
        case .primaryKilled: try nodes.databases.restart(machine)
        case .primaryFull: try namespaces.emptyDisk(machine)
        }
    }
}
