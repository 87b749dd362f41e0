// The command. One file per subcommand, and what they stand on beside them.
import ArgumentParser

let musterVersion = "0.1.0"

@main
struct Muster: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster",
        abstract: "Drop-in libraries for parallel jobs, and what goes with them.",
        version: musterVersion,
        subcommands: [
            RunCommand.self, SpreadCommand.self, BrokerCommand.self, StatusCommand.self, ProcessesCommand.self,
            QueryCommand.self, LookupCommand.self, EventCommand.self, DoctorCommand.self, VersionCommand.self,
        ])
}
