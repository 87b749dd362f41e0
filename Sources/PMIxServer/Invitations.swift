import Bytes
import PMIxWire

/// A group that is forming by invitation: its server knows of it only so that a loss can be told.
struct Invited {
    var leader: Proc
    var procs: [Proc]
}

extension Server {
    func recordInvitation(_ event: Event, _ name: Text) {
        guard let targets = event.targets else { return }
        // Who invites to more groups than this at a time is not told of losses.
        guard invitations.count < Server.mostInvitations || invitations[name] != nil else { return }
        invitations[name] = Invited(leader: event.source, procs: targets.filter { $0 != event.source })
    }

    private static let mostInvitations = 4096

    /// OpenPMIx does not say which group it is about.
    func recordRefusal(_ event: Event) {
        let named = event.infos[.groupName]?.asText
        for (name, invited) in invitations
        where (named ?? name) == name && event.targets?.contains(invited.leader) ?? false {
            invitations[name]?.procs.removeAll { $0 == event.source }
        }
    }

    /// A process has gone before a group it was invited to, or invited to, was there: its leader is told, or everybody else.
    func tellInvitations(lossOf proc: Proc) {
        for (name, invited) in invitations {
            if proc == invited.leader {
                let affected = [Info(.eventAffectedProc, .proc(proc))]
                tellGroup(.groupLeaderFailed, name, to: invited.procs.filter { $0 != proc }, affected)
                if invited.procs.isEmpty { invitations[name] = nil }
            } else if invited.procs.contains(where: { $0.covers(proc) }) {
                invitations[name]?.procs.removeAll { $0 == proc }
                tellGroup(lossOf: proc, name, to: [invited.leader])
            }
        }
    }
}
