import Bytes

/// How a command line with several programs is read: `PROGRAM ARGS : -n 2 -x V=1 OTHER ARGS`.
public enum CommandWords {
    /// What options said about one program.
    public struct Options: Sendable {
        public var count = 1
        public var environment: [EnvironmentEdit] = []
        public var directory: Text?

        public init() {}
    }

    public struct Mistake: Error, Equatable, Sendable {
        public let message: String

        public init(_ message: String) {
            self.message = message
        }
    }

    /// `words` begin with the first program's name, whose options are known already. Whatever follows a lone colon
    /// begins with options of its own; a job-wide option there is a mistake.
    public static func programs(_ words: [Text], _ first: Options) throws(Mistake) -> [Program] {
        var programs: [Program] = []
        for (place, part) in words.split(separator: ":", omittingEmptySubsequences: false).enumerated() {
            var rest = part
            var options = first
            if place > 0 {
                options = Options()
                try read(&rest, into: &options)
            }
            if rest.first == "--" { rest = rest.dropFirst() }
            guard !rest.isEmpty else {
                throw Mistake("there is no program \(place == 0 ? "to run" : "after the colon")")
            }
            programs.append(
                Program(
                    Array(rest), count: options.count, environment: options.environment,
                    directory: options.directory))
        }
        return programs
    }

    private static func read(_ words: inout ArraySlice<Text>, into options: inout Options) throws(Mistake) {
        while let word = words.first, word.hasPrefix("-"), word != "--" {
            words = words.dropFirst()
            let (name, joined) = split(word)
            guard ["-n", "-np", "-x", "--wdir"].contains(name) else {
                throw Mistake("\(word.description) cannot stand after a colon")
            }
            guard let value = joined ?? words.first else { throw Mistake("\(word.description) needs a value") }
            if joined == nil { words = words.dropFirst() }
            switch name {
            case "-x": options.environment.append(try export(value))
            case "--wdir": options.directory = value
            default: options.count = try count(value)
            }
        }
    }

    /// `--wdir=D` and `-n4` are one word.
    private static func split(_ word: Text) -> (name: Text, value: Text?) {
        if word.hasPrefix("--"), let sign = word.bytes.firstIndex(of: UInt8(ascii: "=")) {
            return (Text(Array(word.bytes[..<sign])), Text(Array(word.bytes[(sign + 1)...])))
        }
        if word.hasPrefix("-n"), word.count > 2, (0x30...0x39).contains(word.bytes[2]) {
            return ("-n", Text(Array(word.bytes[2...])))
        }
        return (word, nil)
    }

    public static func count(_ text: Text) throws(Mistake) -> Int {
        guard let value = text.decimal, (1...UInt64(mostRanks)).contains(value) else {
            throw Mistake("\(text.description) is no number of processes")
        }
        return Int(value)
    }

    /// Who reads what muster is given to read: a rank, `all` or `none`.
    public static func input(_ text: Text, of job: JobDescription) throws(Mistake) -> InputTarget {
        if text == "all" { return .all }
        if text == "none" { return .none }
        guard let rank = text.decimal else { throw Mistake("--stdin takes a rank, all or none") }
        guard rank < UInt64(job.size) else {
            throw Mistake("--stdin \(rank): the job has no such rank, only 0 to \(job.size - 1)")
        }
        return .rank(UInt32(rank))
    }

    /// `VAR=VALUE`, or `VAR` for the value it has here.
    public static func export(_ text: Text) throws(Mistake) -> EnvironmentEdit {
        guard let sign = text.bytes.firstIndex(of: UInt8(ascii: "=")) else {
            guard !text.isEmpty else { throw Mistake("-x needs the name of a variable") }
            guard let value = System.variable(text) else {
                throw Mistake("-x \(text.description): there is no such variable here")
            }
            return .set(text, value)
        }
        guard sign > 0 else { throw Mistake("-x needs the name of a variable") }
        return .set(Text(Array(text.bytes[..<sign])), Text(Array(text.bytes[(sign + 1)...])))
    }

    static let mostRanks = 1 << 16
}
