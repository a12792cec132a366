import CaseCore
import CaseEngine
import CaseServer
import CaseWire

// What clients ask, over connections of theirs that break.
extension Simulation {
    mutating func ask(_ asking: SimulationStep.Asking) throws {
        let files = model.newestFiles
        let register = machine.context.catalogs.newest
        let uid = SimulatedOffice.service(of: nil, asking.choice, in: register)
        let key = JSONValue.Member("idempotency_key", .string("k-\(requests.count)"))
        // A case more now and then, as long as they are few, or one of them can be revoked.
        let isFew = files.count(where: \.state.isOpen) < (model.files.count < 6 ? 6 : 2)
        if files.isEmpty || asking.choice % 6 == 0 && isFew || asking.choice % 3 == 1 && SimulatedOffice.isRevocable(files) {
            requests.append(
                Request(command: Submit.self, params: SimulatedOffice.submission(asking.choice, among: files) + [key], uid: uid))
        } else {
            let file = SimulatedOffice.choice(of: files, asking)
            let commands = SimulatedOffice.commands(on: file, asking)
            let command = commands[asking.command % commands.count]
            let persons = asking.isFitting ? SimulatedOffice.persons(for: command, on: file, in: register) : SimulatedOffice.persons
            let person = persons[asking.person % persons.count]
            // Somebody speaks for themselves now and then, by the user that was theirs, or that an admin has.
            let own =
                asking.choice % 5 == 4
                ? person.flatMap { SimulatedOffice.users[$0] ?? ($0 == "hana" ? SimulatedOffice.boundAdmin : nil) }
                : asking.choice % 17 == 1 ? SimulatedOffice.admins[asking.choice / 17 % 3].uid : nil
            let uid = own ?? SimulatedOffice.service(of: person, asking.choice, in: register)
            let acting: [JSONValue.Member] = own == nil ? person.map { [.init("acting", .string($0))] } ?? [] : []
            requests.append(
                Request(
                    command: command, params: SimulatedOffice.parameters(command, on: file, asking.choice) + acting + [key], uid: uid))
        }
        try send(requests.count - 1)
    }

    mutating func reuseKey(of number: Int) throws {
        guard let id = model.files.keys.min(), !requests.isEmpty else { return }
        let first = requests[number % requests.count]
        let params: [JSONValue.Member] = [
            .init("case", .string(id.description)), .init("text", .string("reused \(requests.count)")),
            .init("acting", .string(SimulatedOffice.persons.compactMap { $0 }[0])), .init("idempotency_key", .string(first.key!)),
        ]
        requests.append(Request(command: Note.self, params: params, uid: first.uid))
        try send(requests.count - 1)
    }

    /// Sends a request over the connection of its unix user.
    mutating func send(_ number: Int) throws {
        let request = requests[number]
        let place = asking[request.uid] ?? connectionCount
        if place == connectionCount {
            let peer = SimulatedOffice.admins.first { $0.uid == request.uid } ?? Peer(uid: request.uid)
            connections[place] = SimulatedConnection(number: place, peer: peer)
            asking[request.uid] = place
            connectionCount += 1
        }
        let line = CaseWire.Request(id: .number(literal: "\(number)"), method: request.command.method, params: .object(request.params)).line
        connections[place]!.ask(number, line)
        try proceed(place)
    }

    mutating func follow(_ habit: SimulatedConnection.Habit, _ place: Int) throws {
        let isThere = connections[place]!.follow(habit)
        if !connections[place]!.mayAsk || !isThere { asking = asking.filter { $0.value != place } }
        if isThere { try proceed(place) } else { leave(place) }
    }

    /// Lets a connection do what is to be done; what it carries out is for the next turn.
    mutating func proceed(_ place: Int) throws {
        let (heard, store, peer) = (heard, store, connections[place]!.peer)
        for (work, ticket) in try connections[place]!.proceed() {
            let number = work.request
            requests[number].sentCount += 1
            asked.insert(number)
            let posted = WriteRequest(peer: peer, work.asked) { outcome in
                // What ends with its last commit has told nobody.
                if !store.isEnding { heard.replies.withLock { $0.append((number, place, ticket, outcome)) } }
            }
            requests[number].digest = posted.digest
            waiting.append(posted)
        }
        if connections[place]!.isClosed {
            try connections[place]!.finish()
            leave(place)
        }
    }

    mutating func leave(_ place: Int) {
        for occasion in connections.removeValue(forKey: place)!.occasions { coverage.met(occasion) }
    }

    /// Somebody who is an auditor just now reads a list, by themselves or through the service that speaks for them.
    mutating func readList(_ choice: Int) throws {
        machine.catchUp()
        try turn(nil)
        let register = machine.context.catalogs.newest
        let auditors = register.persons.keys.filter(register.isAuditor).sorted()
        guard !auditors.isEmpty else { return }
        let person = auditors[choice % auditors.count].raw
        let user = SimulatedOffice.users[person].flatMap { uid in
            register.users[Identifier("\(uid)")]?.binding == .person(PersonID(person)) ? uid : nil
        }
        let isOwn = user != nil && choice % 2 == 0
        let peer = Peer(uid: isOwn ? user! : SimulatedOffice.service(of: person, choice, in: register))
        waiting.append(
            WriteRequest(peer: peer, .reading(.list("case.list", parameters: "{}"), acting: isOwn ? nil : person)) { _ in })
        try turn(nil)
    }
}
