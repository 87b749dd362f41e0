// `muster run`: a job on this machine, hosted by our own server.
import ArgumentParser
import Bytes
import CLibc
import PMIxABI
import PMIxHost

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a parallel job on this machine.",
        usage: "muster run [OPTIONS] [--] PROGRAM [ARGUMENTS] [: [-n N] [-x VAR[=V]] [--wdir D] PROGRAM ...]",
        discussion: """
            Starts N processes of PROGRAM and serves them as their PMIx host: Open MPI's programs, Python's pmix module, \
            whatever calls PMIx_Init. Programs after a colon belong to the same job. The exit status is that of the first \
            process that fails, 128 and the signal's number for one that was killed, 124 after --timeout.
            """)

    @Option(
        name: [.customShort("n"), .customLong("np", withSingleDash: true)],
        help: ArgumentHelp("How many processes of the first program.", valueName: "N"))
    var count = 1

    @Option(
        name: .customShort("x"), parsing: .singleValue,
        help: ArgumentHelp(
            "Set a variable for the first program; without a value, the one it has here.", valueName: "VAR[=V]"))
    var variables: [String] = []

    @Option(name: .customLong("wdir"), help: ArgumentHelp("Where the first program starts.", valueName: "D"))
    var directory: String?

    @Option(help: ArgumentHelp("End the job after so many seconds.", valueName: "S"))
    var timeout: UInt64?

    @Flag(help: "Put [namespace,rank] in front of every line.")
    var tagOutput = false

    @Option(
        name: .customLong("output"),
        help: ArgumentHelp("Write each rank's output to files of its own there, not here.", valueName: "DIR"))
    var outputDirectory: String?

    @Option(help: ArgumentHelp("Bind each process to a core, or to none.", valueName: "core|none"))
    var bindTo = Binding.none

    @Option(
        name: .customLong("stdin"),
        help: ArgumentHelp("Who reads the standard input: a rank, all or none.", valueName: "RANK"))
    var inputTarget = "0"

    @Argument(
        parsing: .captureForPassthrough, help: ArgumentHelp("The program, and what it is given.", valueName: "program"))
    var words: [String] = []

    func run() throws {
        nameTraceInWords()
        let host: JobHost
        do {
            host = try JobHost(try description())
        } catch let failure as LaunchFailure {
            throw complain(failure.message, failure.exitCode)
        } catch let mistake as CommandWords.Mistake {
            throw complain(mistake.message + "\nTry 'muster run --help'.", ExitCode.validationFailure.rawValue)
        }
        host.describeAttributes { attributeSupport($0, ofServer: true) }
        throw ExitCode(host.run())
    }

    /// Said as muster says things, without the whole of the usage.
    private func complain(_ message: String, _ code: Int32) -> ExitCode {
        let bytes = Array("muster: \(message)\n".utf8)
        _ = write(2, bytes, bytes.count)
        return ExitCode(code)
    }

    private func description() throws -> JobDescription {
        let words = arguments()
        try refuseOption(words.first)
        var options = CommandWords.Options()
        options.count = try CommandWords.count(Text(String(count)))
        options.directory = directory.map { Text($0) }
        for variable in variables { options.environment.append(try CommandWords.export(Text(variable))) }
        var description = JobDescription(try CommandWords.programs(words, options))
        description.timeout = timeout
        description.tagsOutput = tagOutput
        description.outputDirectory = outputDirectory.map { Text($0) }
        if outputDirectory == "" { throw CommandWords.Mistake("--output needs the name of a directory") }
        description.binding = bindTo
        description.input = try CommandWords.input(Text(inputTarget), of: description)
        return description
    }

    /// Whatever follows the options is the program's, which begins with its name.
    private func refuseOption(_ word: Text?) throws {
        guard let word, word.hasPrefix("-"), word != "--" else { return }
        if word == "--help" || word == "-h" || word == "-help" { throw CleanExit.helpRequest(self) }
        throw CommandWords.Mistake("there is no option \(word.description)")
    }

    /// The program's words as they were given: String would repair bytes that are no UTF-8.
    private func arguments() -> [Text] {
        let all = CommandLine.unsafeArgv
        let first = Int(CommandLine.argc) - words.count
        var texts: [Text] = []
        for place in max(1, first)..<Int(CommandLine.argc) {
            guard let word = all[place] else { break }
            texts.append(
                Text(Array(UnsafeBufferPointer(start: word, count: strlen(word)).map { UInt8(bitPattern: $0) })))
        }
        return texts
    }
}

extension Binding: ExpressibleByArgument {}
