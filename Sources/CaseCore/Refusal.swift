import WorkingTime

/// The core says no, and nothing has changed. The list is closed and documented in `protocol/PROTOCOL.md`.
package enum Refusal: Error, Equatable, Sendable {
    case stateNotAllowed(CommandName, state: State?)
    case suspended(CommandName)
    case notSuspended
    case alreadySuspended(Suspension.Kind)
    /// Which of them has ended is not said.
    case severalSuspensions([Suspension.Kind])
    /// Somebody has no part in this case, and so may not read it.
    case notReadable(CaseID, principal: String, holders: [String])
    case notPermitted(CommandName, principal: String, permitted: [Role], holders: [String])
    case fourEyes(CommandName, person: PersonID, other: Role)
    /// Whoever declared to have no part in the case has none, under whatever name.
    case hasRecused(PersonID)
    /// Whoever administers the server has no part in any case.
    case administers(PersonID)
    /// A service speaks for one side of a case.
    case serviceSide(CommandName, ServiceID)
    /// The case is with another officer.
    case assignedTo(PersonID)
    /// With the officers that the office has.
    case notAnOfficer(PersonID, OfficeID, officers: [PersonID])
    case isRecused(PersonID)
    /// Without this person nobody could take the step.
    case nobodyElse(PersonID, String)
    /// Examining the case would keep the only person from deciding it who still could.
    case lastDecider(CommandName, PersonID, PostID)
    case serviceNotForMatter(ServiceID, MatterID)
    case empty(parameter: String)
    case materialsMissing([MaterialID], in: State)
    case materialUnknown(MaterialID, parameter: String, known: [MaterialID])
    /// The matter has these areas, and none is given.
    case areaMissing([AreaID])
    case areaUnknown(AreaID, [AreaID])
    /// The matter asks for these fields, and nothing is said in them.
    case fieldsMissing([FieldID])
    case fieldUnfit(MatterField, MatterField.Misfit)
    /// A way that the matter does not take, and those that it takes.
    case channelUnknown(String, [String])
    case stepUnknown(StepID, [StepID])
    case stepTaken(StepID, by: String, at: Instant)
    case stepNotNext(StepID, next: StepID)
    /// A step is for whoever acts for its post.
    case stepForPost(StepID, PostID, [PersonID])
    case stepsMissing([StepID])
    /// A fee is not handed in as materials are.
    case materialIsFee(MaterialID, parameter: String)
    case feeUnknown(MaterialID, [MaterialID])
    case feeForOffice(Settlement.State)
    /// How it stands, nil where it is due, does not lead to what was asked.
    case feeState(MaterialID, Settlement.State?, wanted: Settlement.State)
    case feesDue([MaterialID])
    /// A second notice names items that the first one did not: all are named at once (Art. 32).
    case itemsNotInFirstNotice([MaterialID])
    case clockNotRunning(ClockKind)
    case clockNotExtendable(ClockKind)
    case alreadyExtended(ClockKind)
    case alreadyBreached(ClockKind)
    case extensionTooLong(limit: Length)
    case suspensionTooLong(Suspension.Kind, limit: Length)
    case alreadyDelivered
    case wasRevoked(by: CaseID)
    case orderAlreadyOpen
    case noOpenOrder
    case orderForAnother(SupervisionOrder.Recipient)
    /// The case is in other draws, or in none.
    case notDrawn(String, [String])
    /// There is no such case, or none that somebody has to do with.
    case noSuchCase(CaseID)
    /// The matter is no revocation, and its cases refer to none.
    case refersToNothing(MatterID)
    case notRevocable(CaseID, CaseFile.Validity.Obstacle)
    /// The matter lets this office not be asked, but others.
    case notConsulted(OfficeID, [OfficeID])
    case opinionAlreadyAsked(OfficeID)
    case tooManyOpinions
    case noOpenOpinion(OfficeID)
    case opinionOfAnother(OfficeID)
    /// An office that was asked still has time.
    case opinionAwaited(OfficeID)
    /// No key with which the office's decisions are sealed counts now and is at hand.
    case sealMissing(OfficeID)
    /// The matter asks whoever gives the command for a signature of their own.
    case signatureMissing(CommandName, MatterID)
    case signatureWrong(CommandName, SignatureFault)
    /// What the case says of persons was erased: nothing more of the kind is recorded on it.
    case wasErased(CommandName)
    case isRetained(CaseID, CaseFile.Retention)
    /// An auditor has to ask first; what was asked more than thirty days ago has lapsed.
    case erasureNotAsked
    /// Whoever asked is not the second person.
    case erasureByOne(String)
    /// A deadline or rung that has passed already, was moved, or is not due: the engine's sweep treats it as done.
    case notDue

    /// A stable word, `data.kind` on the wire.
    package enum Kind: String, CaseIterable, Sendable {
        case stateNotAllowed = "state.not_allowed"
        case suspended = "case.suspended"
        case notSuspended = "case.not_suspended"
        case alreadySuspended = "case.already_suspended"
        case severalSuspensions = "case.several_suspensions"
        case notReadable = "permission.not_readable"
        case notPermitted = "permission.denied"
        case fourEyes = "permission.four_eyes"
        case hasRecused = "permission.recused"
        case administers = "permission.administers"
        case serviceSide = "permission.service_side"
        case assignedTo = "permission.assigned_to_other"
        case notAnOfficer = "handler.not_in_office"
        case isRecused = "handler.recused"
        case nobodyElse = "recusal.nobody_else"
        case lastDecider = "permission.last_decider"
        case serviceNotForMatter = "permission.service_matter"
        case empty = "params.empty"
        case materialsMissing = "materials.missing"
        case materialUnknown = "material.unknown"
        case areaMissing = "area.missing"
        case areaUnknown = "area.unknown"
        case fieldsMissing = "fields.missing"
        case fieldUnfit = "field.unfit"
        case channelUnknown = "channel.unknown"
        case stepUnknown = "step.unknown"
        case stepTaken = "step.already_taken"
        case stepNotNext = "step.not_next"
        case stepForPost = "step.for_post"
        case stepsMissing = "steps.missing"
        case materialIsFee = "material.is_fee"
        case feeUnknown = "fee.unknown"
        case feeForOffice = "fee.for_office"
        case feeState = "fee.state"
        case feesDue = "fees.due"
        case itemsNotInFirstNotice = "correction.new_items"
        case clockNotRunning = "clock.not_running"
        case clockNotExtendable = "clock.not_extendable"
        case alreadyExtended = "clock.already_extended"
        case alreadyBreached = "clock.already_breached"
        case extensionTooLong = "clock.extension_too_long"
        case suspensionTooLong = "suspension.too_long"
        case alreadyDelivered = "case.already_delivered"
        case wasRevoked = "case.revoked"
        case orderAlreadyOpen = "order.already_open"
        case noOpenOrder = "order.none_open"
        case orderForAnother = "order.for_another"
        case notDrawn = "inspection.not_drawn"
        case wasErased = "case.erased"
        case isRetained = "erasure.retained"
        case erasureNotAsked = "erasure.not_asked"
        case erasureByOne = "permission.second_person"
        case noSuchCase = "reference.not_found"
        case refersToNothing = "reference.not_allowed"
        case notRevocable = "reference.not_revocable"
        case notConsulted = "opinion.not_consulted"
        case opinionAlreadyAsked = "opinion.already_asked"
        case tooManyOpinions = "opinion.too_many"
        case noOpenOpinion = "opinion.none_open"
        case opinionOfAnother = "opinion.for_another"
        case opinionAwaited = "opinion.awaited"
        case sealMissing = "seal.missing"
        case signatureMissing = "signature.missing"
        case signatureWrong = "signature.wrong"
        case notDue = "clock.not_due"
    }

    package var kind: Kind {
        switch self {
        case .stateNotAllowed: .stateNotAllowed
        case .suspended: .suspended
        case .notSuspended: .notSuspended
        case .alreadySuspended: .alreadySuspended
        case .severalSuspensions: .severalSuspensions
        case .notReadable: .notReadable
        case .notPermitted: .notPermitted
        case .fourEyes: .fourEyes
        case .hasRecused: .hasRecused
        case .administers: .administers
        case .serviceSide: .serviceSide
        case .assignedTo: .assignedTo
        case .notAnOfficer: .notAnOfficer
        case .isRecused: .isRecused
        case .nobodyElse: .nobodyElse
        case .lastDecider: .lastDecider
        case .serviceNotForMatter: .serviceNotForMatter
        case .empty: .empty
        case .materialsMissing: .materialsMissing
        case .materialUnknown: .materialUnknown
        case .areaMissing: .areaMissing
        case .areaUnknown: .areaUnknown
        case .fieldsMissing: .fieldsMissing
        case .fieldUnfit: .fieldUnfit
        case .channelUnknown: .channelUnknown
        case .stepUnknown: .stepUnknown
        case .stepTaken: .stepTaken
        case .stepNotNext: .stepNotNext
        case .stepForPost: .stepForPost
        case .stepsMissing: .stepsMissing
        case .materialIsFee: .materialIsFee
        case .feeUnknown: .feeUnknown
        case .feeForOffice: .feeForOffice
        case .feeState: .feeState
        case .feesDue: .feesDue
        case .itemsNotInFirstNotice: .itemsNotInFirstNotice
        case .clockNotRunning: .clockNotRunning
        case .clockNotExtendable: .clockNotExtendable
        case .alreadyExtended: .alreadyExtended
        case .alreadyBreached: .alreadyBreached
        case .extensionTooLong: .extensionTooLong
        case .suspensionTooLong: .suspensionTooLong
        case .alreadyDelivered: .alreadyDelivered
        case .wasRevoked: .wasRevoked
        case .orderAlreadyOpen: .orderAlreadyOpen
        case .noOpenOrder: .noOpenOrder
        case .orderForAnother: .orderForAnother
        case .notDrawn: .notDrawn
        case .noSuchCase: .noSuchCase
        case .refersToNothing: .refersToNothing
        case .notRevocable: .notRevocable
        case .notConsulted: .notConsulted
        case .opinionAlreadyAsked: .opinionAlreadyAsked
        case .tooManyOpinions: .tooManyOpinions
        case .noOpenOpinion: .noOpenOpinion
        case .opinionOfAnother: .opinionOfAnother
        case .opinionAwaited: .opinionAwaited
        case .sealMissing: .sealMissing
        case .signatureMissing: .signatureMissing
        case .signatureWrong: .signatureWrong
        case .wasErased: .wasErased
        case .isRetained: .isRetained
        case .erasureNotAsked: .erasureNotAsked
        case .erasureByOne: .erasureByOne
        case .notDue: .notDue
        }
    }

    package var message: String {
        switch self {
        case .stateNotAllowed(let command, let state):
            state.map { "a case that is \($0.rawValue) does not take \(command.rawValue)" }
                ?? "there is no case that could take \(command.rawValue)"
        case .suspended(let command): "the case is suspended and does not take \(command.rawValue)"
        case .notSuspended: "the case is not suspended, or not for this"
        case .alreadySuspended(let kind): "the case is suspended for \(kind.rawValue) already"
        case .severalSuspensions(let kinds): "the case is suspended for \(kinds.map(\.rawValue).joined(separator: " and for "))"
        case .notPermitted(let command, let principal, let permitted, _):
            "\(principal) may not \(command.rawValue) this case: that is for the \(permitted.map(\.rawValue).joined(separator: " or "))"
        case .notReadable(let file, let principal, _): "\(principal) has no part in \(file) and may not read it"
        case .fourEyes(let command, let person, let other):
            "\(person) may not \(command.rawValue) a case in which they already acted as \(other.rawValue)"
        case .hasRecused(let person): "\(person) declared to have no part in this case"
        case .administers(let person): "\(person) administers this server, and so has no part in any case"
        case .serviceSide(let command, let service):
            "service \(service) may not \(command.rawValue) this case for anybody: it spoke for the other side of it"
        case .assignedTo(let person): "the case is assigned to \(person)"
        case .notAnOfficer(let person, let office, _): "\(person) holds no post in office \(office)"
        case .isRecused(let person): "\(person) is recused from this case"
        case .nobodyElse(let person, let what): "without \(person), nobody of \(what) could act on this case"
        case .lastDecider(let command, let person, let post):
            "\(person) may not \(command.rawValue) this case: nobody else could decide it for post \(post) then"
        case .serviceNotForMatter(let service, let matter): "service \(service) is not for matter \(matter)"
        case .empty(let parameter): "\(parameter) is empty"
        case .materialsMissing(let ids, _): "required materials are missing: \(list(ids))"
        case .materialUnknown(let id, _, _): "the matter has no material \"\(id)\""
        case .areaMissing: "the matter has areas, and the submission says none"
        case .areaUnknown(let id, let known): known.isEmpty ? "the matter has no areas" : "the matter has no area \"\(id)\""
        case .fieldsMissing(let ids): "the matter asks for fields that say nothing: \(some(ids))"
        case .fieldUnfit(let field, let misfit):
            switch misfit {
            case .tooLong: "field \(field.id) is longer than \(field.longest) characters"
            case .severalLines: "field \(field.id) has more than one line"
            case .noNumber: "field \(field.id) is no number"
            case .noDate: "field \(field.id) is no day"
            case .noChoice: "field \(field.id) is none of its choices"
            }
        case .channelUnknown(let channel, _): "the matter is not handed in by \"\(channel)\""
        case .stepUnknown(let id, let known):
            known.isEmpty ? "the matter has no steps of examination" : "the matter has no step \"\(id)\""
        case .stepTaken(let id, let person, let instant): "step \(id) was taken by \(person) at \(instant)"
        case .stepNotNext(let id, let next): "step \(next) comes before \(id), and nobody has taken it"
        case .stepForPost(let id, let post, _): "step \(id) is for post \(post)"
        case .stepsMissing(let ids): "steps of the examination are missing: \(list(ids))"
        case .materialIsFee(let id, _): "\(id) is a fee, and is not handed in"
        case .feeUnknown(let id, let known): known.isEmpty ? "the matter has no fees" : "the matter has no fee \"\(id)\""
        case .feeForOffice(let state): "that a fee was \(state.rawValue) is for the office to say"
        case .feeState(let id, let present, let wanted): "fee \(id) is \(present?.rawValue ?? "due"), and cannot be \(wanted.rawValue)"
        case .feesDue(let ids): "fees are due: \(list(ids))"
        case .itemsNotInFirstNotice(let ids): "the first notice did not name \(list(ids))"
        case .clockNotRunning(let kind): "the case has no running \(kind.rawValue) clock"
        case .clockNotExtendable(let kind): "the matter does not let the \(kind.rawValue) clock be extended"
        case .alreadyExtended(let kind): "the \(kind.rawValue) clock was extended before"
        case .alreadyBreached(let kind): "the \(kind.rawValue) clock is overdue: only a running promise can be extended"
        case .extensionTooLong(let limit): "the matter allows an extension by at most \(limit)"
        case .suspensionTooLong(let kind, let limit): "a case is suspended for \(kind.rawValue) for at most \(limit)"
        case .alreadyDelivered: "the decision was delivered before"
        case .wasRevoked(let id): "the decision was revoked by \(id)"
        case .orderAlreadyOpen: "the case has an open supervision order"
        case .noOpenOrder: "the case has no such open supervision order"
        case .orderForAnother(let recipient): "the order asks the \(recipient.rawValue)"
        case .notDrawn(let draw, _): "the case is not in draw \(draw)"
        case .noSuchCase(let id): "there is no case \(id) to refer to"
        case .refersToNothing(let matter): "matter \(matter) is no revocation: its cases refer to none"
        case .notRevocable(let id, let obstacle): "\(id) cannot be revoked: \(obstacle.reason)"
        case .notConsulted(let office, let offices):
            offices.isEmpty ? "the matter asks no other office for an opinion" : "the matter asks office \(office) for no opinion"
        case .opinionAlreadyAsked(let office): "office \(office) is asked already"
        case .tooManyOpinions: "a case asks for at most \(CaseFile.Consultation.limit) opinions"
        case .noOpenOpinion(let office):
            office.raw.isEmpty
                ? "no office is asked for an opinion on this case" : "office \(office) is not asked for an opinion on this case"
        case .opinionOfAnother(let office): "the opinion of office \(office) is for its officers to give"
        case .opinionAwaited(let office): "office \(office) was asked for its opinion and still has time"
        case .sealMissing(let office): "no seal of office \(office) can be set now, and nothing is decided without one"
        case .signatureMissing(let command, let matter):
            "matter \(matter) asks whoever gives \(command.rawValue) for a signature of their own"
        case .signatureWrong(_, let fault):
            switch fault {
            case .unreadable: "the signature cannot be read"
            case .incomplete: "signature, signed_at and salt go together"
            case .otherPurpose: "the signature was made for another purpose"
            case .otherStatement: "the signature is over something else than this command on this case as it stands"
            case .foreign: "the signature is by a key that does not count for whoever acts"
            case .early: "the signature is from a time that has not come"
            case .old: "the signature is more than an hour old"
            }
        case .wasErased(let command): "what the case says of persons was erased, and it does not take \(command.rawValue) any more"
        case .isRetained(let id, let retention): "what \(id) says of persons is not erased: \(retention.reason)"
        case .erasureNotAsked: "no auditor has asked for the erasure within thirty days"
        case .erasureByOne(let person): "\(person) asked for the erasure, and a second person carries it out"
        case .notDue: "nothing of the kind is due"
        }
    }

    /// The parameter that is refused, where it is one.
    package var parameter: String? {
        switch self {
        case .empty(let parameter), .materialUnknown(_, let parameter, _), .materialIsFee(_, let parameter): parameter
        case .feeUnknown: "material"
        case .areaMissing, .areaUnknown: "area"
        case .fieldsMissing: "fields"
        case .fieldUnfit(let field, _): "fields.\(field.id)"
        case .channelUnknown: "channel"
        case .stepUnknown: "step"
        case .notAnOfficer, .isRecused: "handler"
        case .suspensionTooLong: "expected"
        case .notDrawn: "draw"
        case .noSuchCase, .refersToNothing: "refers_to"
        case .notConsulted: "office"
        default: nil
        }
    }

    /// The likely mend, where there is one.
    package var hint: String? {
        switch self {
        case .stateNotAllowed(let command, let state): whatIsTaken(instead: command, in: state)
        case .suspended: "resume the case first, or withdraw what other offices were asked"
        case .notPermitted(_, _, _, let holders): holders.isEmpty ? nil : "could be done by \(holders.joined(separator: " or "))"
        case .notReadable(_, _, let holders): "can be read by \(holders.joined(separator: ", "))"
        case .fourEyes, .hasRecused: "somebody else must take this step"
        case .administers: "let somebody who does not administer the server take this step, or bind another unix user to them"
        case .serviceSide: "let a service of its own speak for those who supervise"
        case .assignedTo: "assign the case first"
        case .nobodyElse: "declare a substitute of the post in the catalogue"
        case .lastDecider: "let another officer do it, or declare a substitute of the post in the catalogue"
        case .serviceNotForMatter: "add the matter to the service's matters in the catalogue"
        case .materialsMissing(_, .submitted): "request a correction that names them all"
        case .materialsMissing: "return the file to the office, where the applicant can hand them in still: casectl return, casectl correct"
        case .materialUnknown(_, _, let known): known.isEmpty ? "it takes none" : "one of \(some(known))"
        case .notAnOfficer(_, _, let officers): officers.isEmpty ? "nobody holds a post in it" : "could be \(some(officers))"
        case .empty("refers_to"): "name the case that is to be revoked, such as C-17"
        case .empty: "write what others can read; spaces alone say nothing"
        case .stepTaken: "a step is taken once; a note adds to it: casectl note"
        case .feeState(_, let present, let wanted):
            switch wanted {
            case .refunded: present == nil ? "nothing was paid that could be refunded" : "only what was paid is refunded"
            case .paid, .waived: "how it stands was recorded before: look at the case"
            }
        case .alreadySuspended: "resume it once that has ended: casectl resume"
        case .notSuspended: "look at the case: casectl show says whether and why it stands still"
        case .isRecused: "assign somebody else"
        case .clockNotRunning: "casectl explain shows the clocks of the case"
        case .alreadyExtended: "a clock is extended once: decide, or suspend where the law lets you"
        case .alreadyBreached: "decide; the reasons say why it is late"
        case .extensionTooLong(let limit): "ask for \(limit) or less, in that unit"
        case .alreadyDelivered: "casectl history says when and how"
        case .noOpenOrder: "casectl order list --case CASE shows all orders of one"
        case .orderForAnother(let recipient): "let the \(recipient.rawValue) answer it"
        case .opinionAlreadyAsked: "wait for it, or withdraw the request first: casectl withdraw-opinion"
        case .tooManyOpinions: "withdraw one that is not needed: casectl withdraw-opinion"
        case .noOpenOpinion: "casectl show names the offices that are asked"
        case .opinionOfAnother(let office): "let an officer of \(office) give it"
        case .itemsNotInFirstNotice: "all missing items are named in one notice: decide on what was handed in"
        case .suspensionTooLong: "announce at most that; whether it goes on is decided, on record, when it has ended"
        case .clockNotExtendable: "see the extension of the matter in the catalogue"
        case .orderAlreadyOpen: "answer and close it first"
        case .severalSuspensions: "name the kind that has ended"
        case .materialIsFee: "its payment is recorded: casectl settle-fee"
        case .feeUnknown(_, let known): known.isEmpty ? nil : "one of \(some(known))"
        case .feeForOffice(let state): state == .paid ? "or for the service that submitted the case" : nil
        case .feesDue: "record that they were paid, or waive them: casectl settle-fee"
        case .stepUnknown(_, let known): known.isEmpty ? "recommend when it is examined" : "one of \(some(known))"
        case .stepForPost(_, _, let actors): "could be taken by \(some(actors))"
        case .stepNotNext: "steps are taken in the order of the matter"
        case .stepsMissing(let ids): ids.first.map { "the next one is \($0): casectl examine" }
        case .areaMissing(let known), .areaUnknown(_, let known): known.isEmpty ? "leave it out" : "one of \(some(known))"
        case .fieldsMissing(let ids): ids.first.map { "say something in fields.\($0)" }
        case .fieldUnfit(let field, let misfit):
            switch misfit {
            case .tooLong, .severalLines: "say it shorter, or in another field"
            case .noNumber: "write it as in 1200 or -3.5"
            case .noDate: "write it as in 2026-03-24"
            case .noChoice: "one of \(field.choices.prefix(20).joined(separator: ", "))"
            }
        case .channelUnknown(_, let taken): "it takes \(taken.prefix(20).joined(separator: ", "))"
        case .notDrawn(_, let draws):
            draws.isEmpty
                ? "it is in none: leave the draw out" : "it is in \(draws.joined(separator: ", ")): name one of them"
        case .noSuchCase: "name a case of yours that was granted"
        case .refersToNothing: "leave refers_to out, or submit a matter of kind revocation"
        case .notRevocable: "look at the case"
        case .wasRevoked(let id): "deliver \(id)"
        case .notConsulted(_, let offices): offices.isEmpty ? nil : "it asks \(offices.map(\.raw).joined(separator: ", "))"
        case .opinionAwaited: "wait for it, or withdraw the request"
        case .sealMissing(let office):
            "give the server the key as the credential cased.seal.\(office), and name its public half in a [seal.NAME] of the catalogue that counts today"
        case .signatureMissing(let command, _): "look at the statement and sign it: casectl \(command.rawValue) --sign"
        case .signatureWrong(let command, let fault):
            fault == .foreign
                ? "sign with a key of a [signer.NAME] that is yours and counts today"
                : "look at the case and sign anew: casectl \(command.rawValue) --sign"
        case .wasErased: "its history says when, and by whose words"
        case .isRetained(_, let retention): retention.mend
        case .erasureNotAsked: "an auditor asks first: casectl erase-personal"
        case .erasureByOne: "let another auditor, or the leader, carry it out"
        case .notDue: nil
        }
    }

    /// What a state takes, first of all what leads on from it, and which states would take the command.
    private func whatIsTaken(instead command: CommandName, in state: State?) -> String {
        guard let state else { return "casectl submit begins a case" }
        let rows = Lifecycle.rows.filter { row in Commands.ofClients.contains { $0.name == row.command.name } }
        let taken = rows.filter { $0.state == state }
        let moving = taken.filter { $0.target != state }.map(\.command.name.rawValue)
        // Those first by which it moves on.
        let names = (moving + taken.map(\.command.name.rawValue)).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let states = rows.filter { $0.command.name == command }.compactMap(\.state?.rawValue)
        let takes = "a case that is \(state.rawValue) takes " + (names.isEmpty ? "no more steps" : names.joined(separator: ", "))
        return states.isEmpty ? takes : "\(takes); \(command.rawValue) is for one that is \(states.joined(separator: " or "))"
    }

    private func list<Kind>(_ ids: [Identifier<Kind>]) -> String {
        ids.map(\.raw).joined(separator: ", ")
    }

    /// The first ones, and how many more there are.
    private func some<Kind>(_ ids: [Identifier<Kind>], limit: Int = 20) -> String {
        list(Array(ids.prefix(limit))) + (ids.count > limit ? " and \(ids.count - limit) more" : "")
    }
}
