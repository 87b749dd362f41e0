// Values in words, for people and as JSON.
import ArgumentParser
import Bytes
import CPMIx
import PMIxWire

extension Value {
    /// One line, unless it is a list: then a line for each entry, indented.
    func text(indent: String = "") -> String {
        switch content {
        case .none: return "-"
        case .text(let text): return text.map { printable($0.description) } ?? "-"
        case .real(let number): return "\(number)"
        case .proc(let proc): return proc.description
        case .signed(let number): return type == .status ? Status(rawValue: Int32(clamping: number)).words : "\(number)"
        case .unsigned(let number): return word(number)
        case .timeval(let seconds, let microseconds): return "\(seconds) s \(microseconds) us"
        case .bytes(let bytes): return "\(bytes.count) bytes"
        case .array(let array): return lines(array, indent)
        case .info, .keyValue, .value, .procInfo, .attribute: return content.text(indent)
        default: return "(\(typeName))"
        }
    }

    private var typeName: String { String(cString: PMIx_Data_type_string(type.rawValue)) }

    private func word(_ number: UInt64) -> String {
        switch type {
        case .bool: return number == 0 ? "false" : "true"
        case .procState: return String(cString: PMIx_Proc_state_string(UInt8(clamping: number)))
        case .jobState: return String(cString: PMIx_Job_state_string(UInt8(clamping: number)))
        case .procRank: return Rank(UInt32(clamping: number)).description
        default: return "\(number)"
        }
    }

    private func lines(_ array: DataArray, _ indent: String) -> String {
        if array.elements.isEmpty { return "none" }
        let inner = indent + "    "
        return array.elements.map { "\n" + inner + Value(array.type, $0).text(indent: inner) }.joined()
    }
}

extension Content {
    fileprivate func text(_ indent: String) -> String {
        switch self {
        case .info(let info): return "\(name(of: info.key)) = \(info.value.text(indent: indent))"
        case .keyValue(let pair): return "\(name(of: pair.key)) = \(pair.value.text(indent: indent))"
        case .value(let value): return value.text(indent: indent)
        case .procInfo(let info): return info.text
        case .attribute(let attribute): return attribute.name?.description ?? "-"
        default: return "-"
        }
    }
}

extension ProcInfo {
    /// One word where there is one.
    var stateName: String {
        switch state {
        case 1, 2: "starting"
        case 3: "restarting"
        case 4: "terminating"
        case 5: "running"
        case 6: "connected"
        case 20: "ended"
        case 50...: "failed"
        default: String(cString: PMIx_Proc_state_string(state)).lowercased()
        }
    }

    var cells: [String] {
        [
            proc.nspace.description, proc.rank.description, pid > 0 ? "\(pid)" : "-", host?.description ?? "-",
            stateName,
            executable?.description ?? "-",
        ]
    }

    var json: String {
        let fields = [
            "\"job\": " + JSON.text(proc.nspace.description), "\"rank\": \(proc.rank.rawValue)",
            "\"pid\": " + (pid > 0 ? "\(pid)" : "null"),
            "\"host\": " + (host.map { JSON.text($0.description) } ?? "null"), "\"state\": " + JSON.text(stateName),
            "\"program\": " + (executable.map { JSON.text($0.description) } ?? "null"),
        ]
        return "{" + fields.joined(separator: ", ") + "}"
    }

    var text: String {
        "\(proc.description) \(stateName) pid \(pid) on \(host?.description ?? "-"): \(executable?.description ?? "-")"
    }
}

/// What others have written must not steer the terminal.
func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }))
}

/// PMIX_JOB_SIZE rather than pmix.job.size, where the headers have a name for it.
func name(of key: Key) -> String {
    // What has no name is lent back as it was given.
    printable(key.description).withCString { String(cString: PMIx_Get_attribute_name($0) ?? $0) }
}

/// Either form of a name means the key, and so does the constant's without its beginning, in whatever case.
func key(named name: String) -> Key {
    for form in [name, name.uppercased(), "PMIX_" + name.uppercased()] {
        let key = form.withCString { String(cString: PMIx_Get_attribute_string($0) ?? $0) }
        if key != form { return Text(key) }
    }
    return Text(name)
}

/// What people give as KEY=VALUE, or as KEY for a flag.
func info(given text: String) -> Info {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    return Info(key(named: parts[0]), parts.count == 1 ? .bool(true) : .string(Text(parts[1])))
}

/// The ranges that people may choose.
enum Reach: String, CaseIterable, ExpressibleByArgument {
    case local, namespace, session, global

    var range: DataRange {
        switch self {
        case .local: .local
        case .namespace: .namespace
        case .session: .session
        case .global: .global
        }
    }
}

// MARK: - JSON

enum JSON {
    static func text(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20: out += "\\u00" + (scalar.value < 16 ? "0" : "") + hex(scalar.value)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    private static func hex(_ value: UInt32) -> String { String(value, radix: 16) }

    static func object(_ infos: [Info]) -> String {
        "{" + infos.map { text($0.key.description) + ": " + $0.value.json }.joined(separator: ", ") + "}"
    }
}

extension Value {
    var json: String {
        switch content {
        case .none, .text(nil): return "null"
        case .unsigned(let number) where type != .procState && type != .jobState && type != .bool && type != .procRank:
            return "\(number)"
        case .unsigned(let number) where type == .bool: return number == 0 ? "false" : "true"
        case .signed(let number) where type != .status: return "\(number)"
        case .real(let number) where number.isFinite: return "\(number)"
        case .array(let array): return json(of: array)
        case .info(let info): return JSON.object([info])
        default: return JSON.text(text())
        }
    }

    private func json(of array: DataArray) -> String {
        // An array of infos is what other languages call an object, as long as each key is there once.
        let infos = array.elements.compactMap { if case .info(let info) = $0 { info } else { nil } }
        if infos.count == array.elements.count, Set(infos.map { $0.key }).count == infos.count, !infos.isEmpty {
            return JSON.object(infos)
        }
        return "[" + array.elements.map { Value(array.type, $0).json }.joined(separator: ", ") + "]"
    }
}
