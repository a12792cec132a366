import Dispatch

extension Engine {
    /// Brings changed rules to the next cases, unless commands are to have their share of the time first.
    ///
    /// - Parameter commandCount: what was carried out in this turn.
    /// - Returns: whether there is more to do; the engine comes again for it.
    func reprojectInTurn(commandCount: Int) -> Bool {
        guard machine.state.reprojection != nil else { return false }
        reprojectionPace.note(commandCount: commandCount)
        if reprojectionPace.isDue {
            let start = DispatchTime.now()
            reprojectionPace.note(batchFrom: start, succeeded: machine.reproject())
        }
        guard machine.state.reprojection != nil else { return false }
        if let time = reprojectionPace.nextWakeUp() {
            executor.queue.asyncAfter(deadline: time) { @Sendable [self] in
                assumeIsolated {
                    $0.reprojectionPace.wokeUp()
                    $0.turn()
                }
            }
        }
        return true
    }
}
