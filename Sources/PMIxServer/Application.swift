import Bytes
import CLibc
import PMIxWire
import Reactor
import Sockets

// Preparing a job: what of this process's environment its ranks are to have on every node. The choice is OpenPMIx's
// (observed on 4.2.2): its own parameters always, and those of the programming model that the job is of.
extension Server {
    /// From any thread.
    public func setupApplication(_ nspace: Namespace, infos: [Info], done: @escaping Host.DoneWithInfos) {
        loop.post {
            var settings: [(name: Text, value: Text)] = []
            if infos.isTrue(.setupEnvironment) || infos.isTrue(.setupAll) {
                for model in ProgrammingModel.allCases where model.isMeant(by: infos) { settings += model.settings }
            }
            settings += Environment.variables(from: "PMIX_MCA_")
            done(.success, settings.map { Info(.setVariable, Environment.change($0.name, $0.value)) })
        }
    }

    /// What the head of a job has collected is for the ranks' environment, which hosts set themselves.
    public func setupLocalSupport(_ nspace: Namespace, infos: [Info], done: @escaping Host.Done) {
        loop.post { done(nspace.isEmpty ? .badParameter : .success) }
    }
}

/// The programming models whose parameters are known.
private enum ProgrammingModel: CaseIterable {
    case openMPI, openSHMEM

    private var name: Text {
        switch self {
        case .openMPI: "ompi"
        case .openSHMEM: "oshmem"
        }
    }

    /// A name may go on with a release, as in `ompi5`.
    func isMeant(by infos: [Info]) -> Bool {
        [Key.personality, .programmingModel].contains { key in
            infos[key]?.asText?.split(UInt8(ascii: ",")).contains { $0.hasPrefix(name) } ?? false
        }
    }

    var settings: [(name: Text, value: Text)] {
        switch self {
        case .openMPI:
            // The user's file first, so that the environment overrides it; then the mark that the file has been seen to.
            Environment.parameters(of: "/.openmpi/mca-params.conf", prefix: "OMPI_MCA_")
                + [("OPAL_USER_PARAMS_GIVEN", "1")] + Environment.variables(from: "OMPI_")
        case .openSHMEM: Environment.variables(from: "SHMEM_")
        }
    }
}

private enum Environment {
    static func change(_ name: Text, _ value: Text) -> Value {
        Value(.envar, .envar(EnvironmentChange(name: name, value: value, separator: UInt8(ascii: ":"))))
    }

    /// The variables of this process whose names begin so, in their order.
    static func variables(from prefix: Text) -> [(name: Text, value: Text)] {
        var found: [(name: Text, value: Text)] = []
        guard let environment = clibc_environ() else { return [] }
        var index = 0
        while let entry = environment[index] {
            let text = Text(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
            if text.hasPrefix(prefix), let pair = pair(text.bytes[...]) { found.append(pair) }
            index += 1
        }
        return found
    }

    /// The parameters in a file of the user's, `name = value` each on a line; none without the file.
    static func parameters(of file: Text, prefix: Text) -> [(name: Text, value: Text)] {
        guard let home = getenv("HOME") else { return [] }
        let path = Text(Array(UnsafeRawBufferPointer(start: home, count: strlen(home)))) + file
        guard let bytes = try? Files.read(path.bytes, atMost: 1 << 16, links: .followed).bytes else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let pair = pair(line), pair.name.bytes.first != UInt8(ascii: "#") else { return nil }
            return (prefix + pair.name, pair.value)
        }
    }

    private static func pair(_ entry: ArraySlice<UInt8>) -> (name: Text, value: Text)? {
        guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = trimmed(entry[..<equals])
        return name.isEmpty ? nil : (Text(name), Text(trimmed(entry[(equals + 1)...])))
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return Array(rest)
    }
}

extension Key {
    fileprivate static let setupEnvironment: Key = "pmix.setup.env"
    fileprivate static let setupAll: Key = "pmix.setup.all"
    fileprivate static let setVariable: Key = "pmix.envar.set"
    fileprivate static let personality: Key = "pmix.pers"
}
