import Bytes
import PMIxWire

/// One program of a job and how many processes run it.
public struct Program: Sendable {
    /// The command first, as its process sees it.
    public var arguments: [Text]
    public var count: Int
    /// Changes to the environment the launcher has itself.
    public var environment: [EnvironmentEdit]
    public var directory: Text?
    /// The set of processes these ones are known as.
    public var processSet: Text?

    public init(
        _ arguments: [Text], count: Int = 1, environment: [EnvironmentEdit] = [], directory: Text? = nil,
        processSet: Text? = nil
    ) {
        self.arguments = arguments
        self.count = count
        self.environment = environment
        self.directory = directory
        self.processSet = processSet
    }

    var name: Text { arguments.first ?? "" }
}

public enum EnvironmentEdit: Hashable, Sendable {
    case set(Text, Text)
    /// Only if it is not there.
    case add(Text, Text)
    case unset(Text)
    case prepend(Text, Text, separator: UInt8)
    case append(Text, Text, separator: UInt8)
}

/// Which ranks of a job read what is given to it.
public enum InputTarget: Hashable, Sendable {
    case none, all
    case rank(UInt32)
}

public enum Binding: String, CaseIterable, Sendable {
    case none, core
}

/// A job as it is asked for, at the command line or by a process.
public struct JobDescription: Sendable {
    public var programs: [Program]
    public var input = InputTarget.none
    public var binding = Binding.none
    public var tagsOutput = false
    /// Where each rank's streams get a file of their own.
    public var outputDirectory: Text?
    public var timeout: UInt64?
    /// Where a debugger wants which of its processes stopped.
    var stops: [Info] = []

    public init(_ programs: [Program]) {
        self.programs = programs
    }

    var size: Int { programs.reduce(0) { $0 + $1.count } }
}

/// Why a job was not started, in words for people.
public struct LaunchFailure: Error {
    public let message: String
    /// As a shell says it: 127 for what is not there, 126 for what cannot be run.
    public let exitCode: Int32

    init(_ message: String, exitCode: Int32 = 1) {
        self.message = message
        self.exitCode = exitCode
    }
}
