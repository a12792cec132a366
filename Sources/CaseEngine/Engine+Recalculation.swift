import Dispatch

extension Engine {
    /// Brings changed rules to the next cases, unless commands are to have their share of the time first.
    ///
    /// - Parameter commandCount: what was carried out in this turn.
    /// - Returns: whether there is more to do; the engine comes again for it.
    func recalculateInTurn(commandCount: Int) -> Bool {
        guard machine.state.recalculation != nil else { return false }
        recalculationPace.note(commandCount: commandCount)
        if recalculationPace.isDue {
            let start = DispatchTime.now()
            var isDurable = false
            machine.plannedAgain { isDurable = machine.recalculate() }
            recalculationPace.note(batchFrom: start, succeeded: isDurable)
        }
        guard machine.state.recalculation != nil else { return false }
        if let time = recalculationPace.nextWakeUp() {
            executor.queue.asyncAfter(deadline: time) { @Sendable [self] in
                assumeIsolated {
                    $0.recalculationPace.wokeUp()
                    $0.turn()
                }
            }
        }
        return true
    }
}
