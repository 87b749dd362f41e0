import Bytes
import CLibc

/// The variables processes are started with: what the launcher has itself, without what another launcher said of it,
/// and the job's own. Laid out once for all ranks of a program; what differs by rank is put in before each start.
final class Environment {
    private var variables: [Text: Text]
    private var order: [Text]

    /// The caller's own.
    init() {
        variables = [:]
        order = []
        var next = clibc_environ()
        while let entry = next?.pointee {
            next = next?.advanced(by: 1)
            let text = Text(
                Array(UnsafeBufferPointer(start: entry, count: strlen(entry))).map { UInt8(bitPattern: $0) })
            guard let sign = text.bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
            set(Text(Array(text.bytes[..<sign])), Text(Array(text.bytes[(sign + 1)...])))
        }
        for name in order where Environment.isOfAnotherLauncher(name) { unset(name) }
    }

    init(copying other: Environment) {
        variables = other.variables
        order = other.order
    }

    /// A job inside another's process is none of that job's.
    private static func isOfAnotherLauncher(_ name: Text) -> Bool {
        if name.hasPrefix("PMIX_MCA_") { return false }
        return name.hasPrefix("PMIX_") || name.hasPrefix("OMPI_COMM_WORLD_") || name.hasPrefix("OMPI_MCA_orte_")
            || name.hasPrefix("OMPI_MCA_ess") || name.hasPrefix("ORTE_") || name == "OMPI_UNIVERSE_SIZE"
    }

    func value(_ name: Text) -> Text? { variables[name] }

    func set(_ name: Text, _ value: Text) {
        if variables.updateValue(value, forKey: name) == nil { order.append(name) }
    }

    func unset(_ name: Text) {
        if variables.removeValue(forKey: name) != nil { order.removeAll { $0 == name } }
    }

    func apply(_ edits: [EnvironmentEdit]) {
        for edit in edits {
            switch edit {
            case .set(let name, let value): set(name, value)
            case .add(let name, let value): if variables[name] == nil { set(name, value) }
            case .unset(let name): unset(name)
            case .prepend(let name, let value, let separator):
                set(name, variables[name].map { value + Text([separator]) + $0 } ?? value)
            case .append(let name, let value, let separator):
                set(name, variables[name].map { $0 + Text([separator]) + value } ?? value)
            }
        }
    }

    var texts: [Text] { order.map { $0 + "=" + (variables[$0] ?? "") } }
}

/// A NULL-terminated array of C strings, at one address as long as it is there.
final class CStrings {
    let count: Int
    private let pointers: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

    init(_ texts: [Text]) {
        count = texts.count
        pointers = .allocate(capacity: texts.count + 1)
        _ = pointers.initialize(from: texts.map { CStrings.copy($0) } + [nil])
    }

    deinit {
        for pointer in pointers { free(pointer) }
        pointers.deallocate()
    }

    private static func copy(_ text: Text) -> UnsafeMutablePointer<CChar>? {
        // An embedded NUL would only end it early.
        strndup(text.bytes.map { CChar(bitPattern: $0) } + [0], text.count)
    }

    var all: [UnsafeMutablePointer<CChar>?] { Array(pointers.prefix(count)) }

    var address: UnsafePointer<UnsafeMutablePointer<CChar>?>? { UnsafePointer(pointers.baseAddress) }
}
