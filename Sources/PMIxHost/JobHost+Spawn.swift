import Bytes
import CLibc
import PMIxServer
import PMIxWire

// Jobs that processes ask for.
extension JobHost {
    func spawn(
        _ parent: Proc, _ infos: [Info], _ apps: [App], _ done: @escaping (Status, Namespace?) -> Void
    ) -> Status {
        if exitCode != nil { return .jobFailedToLaunch }
        var programs: [Program] = []
        for app in apps {
            switch program(app, infos) {
            case .success(let program): programs.append(program)
            case .failure(let status): return status
            }
        }
        do throws(LaunchFailure) {
            let job = try launch(describe(programs, infos, apps), parent: parent) { job in
                job.isSeparate = infos.isTrue(.childSeparate)
                job.notifiesParent = infos.isTrue(.notifyCompletion)
                // A tool shows what it asked for, which is all if it did not say. What a process of a job has forwarded to
                // itself would come back here: not every library shows it there, so that it is shown here in any case.
                guard infos.isTrue(.requestorIsTool) else { return }
                if infos[.forwardOutput]?.asBool ?? true { job.shownElsewhere |= 2 }
                if infos[.forwardErrors]?.asBool ?? true { job.shownElsewhere |= 4 }
                job.isForwarded = job.shownElsewhere != 0
            }
            // Its registration has been posted: by then the server can tell the parent about it.
            loop.post { done(.success, job.nspace) }
            return .success
        } catch {
            return error.exitCode == 127
                ? .jobProgramNotFound : error.exitCode == 126 ? .jobNotExecutable : .noDirectory
        }
    }

    private func program(_ app: App, _ job: [Info]) -> Result<Program, Status> {
        let infos = app.infos + job
        var arguments = app.arguments
        if let command = app.command, !command.isEmpty {
            if arguments.isEmpty { arguments = [command] } else { arguments[0] = command }
        }
        guard !arguments.isEmpty else { return .failure(.jobNoProgram) }
        if let hosts = infos[.hosts]?.asText {
            let isHere = hosts.split(UInt8(ascii: ",")).contains { $0 == hostname || $0 == "localhost" }
            guard isHere else { return .failure(.notFound) }
        }
        var edits: [EnvironmentEdit] = app.environment.compactMap { text in
            guard let sign = text.bytes.firstIndex(of: UInt8(ascii: "=")), sign > 0 else { return nil }
            return .set(Text(Array(text.bytes[..<sign])), Text(Array(text.bytes[(sign + 1)...])))
        }
        edits += infos.compactMap { EnvironmentEdit($0) }
        let directory = app.directory ?? infos[.workingDirectory]?.asText
        let count = Int(app.processCount)
        guard count >= 0, count <= CommandWords.mostRanks else { return .failure(.badParameter) }
        return .success(
            Program(
                arguments, count: max(1, count), environment: edits, directory: directory,
                processSet: app.infos[.processSetName]?.asText))
    }

    private func describe(_ programs: [Program], _ infos: [Info], _ apps: [App]) -> JobDescription {
        var description = JobDescription(programs)
        let directives = infos + apps.flatMap { $0.infos }
        description.stops = JobHost.stops.compactMap { key in directives.first { $0.key == key } }
        description.binding = main.binding
        description.tagsOutput =
            main.tagsOutput || infos.isTrue(.tagOutput) || infos.isTrue(.tagForwarded)
        description.outputDirectory =
            (infos[.outputDirectory] ?? infos[.forwardedDirectory])?.asText ?? main.outputDirectory
        if let target = infos[.inputTarget]?.asRank {
            description.input = target == .wildcard ? .all : target.isValid ? .rank(target.rawValue) : .none
        } else if infos.isTrue(.forwardInput) {
            description.input = .rank(0)
        }
        return description
    }
}

extension EnvironmentEdit {
    /// What a directive of a spawn says.
    fileprivate init?(_ info: Info) {
        if info.key == .unsetVariable {
            guard let name = info.value.asText else { return nil }
            self = .unset(name)
            return
        }
        guard case .envar(let change) = info.value.content, let name = change.name, let value = change.value else {
            return nil
        }
        switch info.key {
        case .setVariable: self = .set(name, value)
        case .addVariable: self = .add(name, value)
        case .prependVariable: self = .prepend(name, value, separator: change.separator)
        case .appendVariable: self = .append(name, value, separator: change.separator)
        default: return nil
        }
    }
}
