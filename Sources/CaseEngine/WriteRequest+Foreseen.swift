import CaseStore

extension Engine.Context {
    /// What requests are going to read of the store, by what they say: first answers under their keys, and the cases that they name.
    func foreseen(of requests: [WriteRequest]) -> Foreseen {
        guard store.isShared else { return Foreseen() }
        var foreseen = Foreseen()
        for request in requests {
            switch request.work {
            case .command(let asked):
                if let name = asked.envelope.idempotencyKey {
                    foreseen.keys.append(IdempotencyKey(principal: keyScope(of: request.peer), key: name))
                }
                if let id = asked.file { foreseen.cases.append(id) }
            case .reading(.file(let id, _, _), _): foreseen.cases.append(id)
            case .reading(.list, _), .reading(.store, _), .reading(.lastPart, _), .administration, .taking: break
            }
        }
        return foreseen
    }
}
