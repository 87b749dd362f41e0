import Bytes
import PMIxWire
import Reactor

// Process sets are what a host calls some processes, without their doing. They are told to everybody who asked to hear of
// them; and who asks later is answered from here what the host itself does not answer.
extension Server {
    /// A set of that name that is there already is replaced.
    public func defineProcessSet(_ name: Text, _ members: [Proc], done: @escaping Host.Done) {
        loop.post { [self] in
            processSets[name] = members
            tellProcessSet(.processSetDefined, name, [Info(.processSetMembers, .procs(members))])
            done(.success)
        }
    }

    public func deleteProcessSet(_ name: Text, done: @escaping Host.Done) {
        loop.post { [self] in
            guard processSets.removeValue(forKey: name) != nil else { return done(.notFound) }
            tellProcessSet(.processSetDeleted, name, [])
            done(.success)
        }
    }

    private func tellProcessSet(_ code: Status, _ name: Text, _ more: [Info]) {
        let infos = [Info(.eventNonDefault, .bool(true)), Info(.processSetName, .string(name))]
        announce(Event(code, source: identity, range: .local, infos: infos + more))
    }

    // MARK: Queries

    /// The host's answers, and to them what this server knows of groups and sets where the host has not said anything.
    public func supplement(_ queries: [Query], _ status: Status, _ answers: [Info]) -> (Status, [Info]) {
        var unclaimed = answers
        var all = answers
        var isEverything = true
        for query in queries {
            for key in query.keys {
                if let place = unclaimed.firstIndex(where: { $0.key == key }) {
                    unclaimed.remove(at: place)
                } else if let value = answer(key, query.qualifiers) {
                    all.append(Info(key, value))
                } else {
                    isEverything = false
                }
            }
        }
        if all.count == answers.count || status.isSuccess { return (status, all) }
        return (isEverything ? .success : .queryPartialSuccess, all)
    }

    private func answer(_ key: Key, _ qualifiers: [Info]) -> Value? {
        switch key {
        case .queryGroupCount: return .size(groups.count)
        case .queryGroupNames:
            return Value(.dataArray, .array(DataArray(.string, names(groups.keys).map { .text($0) })))
        case .queryGroupMembership:
            return qualifiers[.groupName]?.asText.flatMap { groups[$0] }.map { .procs($0.members) }
        case .querySetCount: return .size(processSets.count)
        case .querySetNames:
            let list = names(processSets.keys)
            return .string(list.dropFirst().reduce(list.first ?? "") { $0 + "," + $1 })
        case .querySetMembership:
            return qualifiers[.processSetName]?.asText.flatMap { processSets[$0] }.map { .procs($0) }
        default: return nil
        }
    }

    private func names(_ some: some Sequence<Text>) -> [Text] {
        some.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }
}
