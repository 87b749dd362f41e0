// Objects as text for people. The texts are OpenPMIx's, letter by letter, since programs log them and tests compare them;
// nothing reads them back.
import Bytes
import CLibc
import CPMIx
import PMIxWire
import Topology

/// One line, or a few, for one object. `lead` begins each.
struct Printer {
    let lead: Text

    init(_ prefix: Text?) {
        lead = prefix ?? " "
    }

    private var inner: Printer { Printer(lead + "\t") }

    /// NOT_SUPPORTED for hardware that only another library could describe.
    func text(_ type: DataType, _ content: Content) throws(Status) -> Text {
        switch content {
        case .value(let value): return try text(value)
        case .info(let info): return try text(info)
        case .published(let data):
            let value = try text(data.value)
            return lead + "  " + text(data.proc) + "  KEY: " + attributeName(data.key) + " " + value
        case .proc(let proc): return text(proc)
        case .procInfo(let info): return text(info)
        case .array(let array): return try text(array)
        case .query(let query): return try text(query)
        case .app(let app): return lead + (try AppText.of(app))
        default: break
        }
        if let special = try hardware(type, content) { return special }
        return label(type) + "\tValue: " + plain(type, content)
    }

    private func label(_ type: DataType) -> Text {
        label(Text(copying: PMIx_Data_type_string(type.rawValue)) ?? "UNKNOWN")
    }

    private func label(_ name: Text) -> Text {
        lead + "Data type: " + name
    }

    private func attributeName(_ key: Key) -> Text {
        let string = key.newCString()
        defer { free(string) }
        return Text(copying: PMIx_Get_attribute_name(string)) ?? key
    }

    // MARK: Composites

    /// Of a value all that is printable, whatever the prefix, begins with a blank.
    private func text(_ value: Value) throws(Status) -> Text {
        lead + "PMIX_VALUE: " + (try Printer(nil).inside(value.type, value.content))
    }

    private func text(_ info: Info) throws(Status) -> Text {
        let directives = try text(.infoDirectives, .unsigned(UInt64(info.flags)))
        let value = try text(info.value)
        return lead + "KEY: " + attributeName(info.key) + "\n" + lead + "\t" + directives + "\n" + lead + "\t" + value
    }

    private func text(_ proc: Proc) -> Text {
        lead + "PROC: " + proc.nspace + ":" + Printer.name(proc.rank)
    }

    private func text(_ info: ProcInfo) -> Text {
        let next = inner
        let state = Text(copying: PMIx_Proc_state_string(info.state)) ?? ""
        return label(.procInfo) + "\tValue:\n" + next.text(info.proc) + "\n" + next.lead + "Hostname: "
            + (info.host ?? "(null)") + "\tExecutable: " + (info.executable ?? "(null)") + "\n" + next.lead + "Pid: "
            + Text(decimal: Int32(bitPattern: info.pid)) + "\tExit code: " + Text(decimal: info.exitCode) + "\tState: "
            + state
    }

    private func text(_ array: DataArray) throws(Status) -> Text {
        var lines: Text = "NULL"
        for (index, element) in array.elements.enumerated() {
            let line = try inside(array.type, element)
            lines = index == 0 ? line : lines + "\n" + lead + line
        }
        let name = Text(copying: PMIx_Data_type_string(array.type.rawValue)) ?? "UNKNOWN"
        return label(.dataArray) + "\tType: " + name + "\tSize: " + Text(decimal: array.elements.count) + "\n" + lead
            + lines
    }

    private func text(_ query: Query) throws(Status) -> Text {
        let next = inner
        var text = label(.query) + "\tValue:"
        for key in query.keys { text = text + "\n" + next.lead + "Key: " + key }
        for info in query.qualifiers { text = text + "\n" + (try next.text(info)) }
        return text
    }

    /// As the content of a value or the element of an array, where some types are not looked into.
    private func inside(_ type: DataType, _ content: Content) throws(Status) -> Text {
        if type == .undefined { return " Data type: PMIX_UNDEF" }
        guard Printer.isPrintable(type) else { return Printer.unprintable(type.rawValue) }
        if case .none = content { return label(type) + "\tValue: NULL pointer" }
        return try text(type, content)
    }

    static func unprintable(_ type: pmix_data_type_t) -> Text {
        let name = Text(copying: PMIx_Data_type_string(type)) ?? "UNKNOWN"
        return " Data type: " + name + "(" + Text(decimal: type) + ")\tValue: UNPRINTABLE"
    }

    private static func isPrintable(_ type: DataType) -> Bool {
        switch type {
        case .value, .app, .pdata, .buffer, .keyValue, .query, .pointer, .command, .infoDirectives, .dataType,
            .compressedString, .compressedByteObject, .infoArray, .iofChannel, .regex, .procStats, .diskStats,
            .netStats, .nodeStats, .dataBuffer:
            false
        default: true
        }
    }

    // MARK: Plain values

    static func name(_ rank: Rank) -> Text {
        switch rank {
        case .undefined: "PMIX_RANK_UNDEF"
        case .wildcard: "PMIX_RANK_WILDCARD"
        case .localNode: "PMIX_RANK_LOCAL_NODE"
        default: Text(decimal: rank.rawValue)
        }
    }

    func plain(_ type: DataType, _ content: Content) -> Text {
        switch content {
        case .text(let text): return text ?? "NULL pointer"
        case .real(let number): return Text(Decimal.format(number))
        case .timeval(let seconds, let microseconds): return Printer.time(seconds, microseconds)
        case .signed(let number):
            guard type == .status else { return Text(decimal: number) }
            return Text(copying: PMIx_Error_string(pmix_status_t(truncatingIfNeeded: number))) ?? ""
        case .unsigned(let number): return plain(type, number)
        default: return ""
        }
    }

    static func time(_ seconds: Int64, _ microseconds: Int64) -> Text {
        let digits = Text(decimal: microseconds)
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count))
        return Text(decimal: seconds) + "." + Text(zeros) + digits
    }

    private func plain(_ type: DataType, _ number: UInt64) -> Text {
        switch type {
        case .bool: return number == 0 ? "FALSE" : "TRUE"
        case .byte: return Text(String(number, radix: 16))
        case .deviceType: return Text("0x" + String(number, radix: 16))
        // A process number is signed in C, and printed by widening it.
        case .pid: return Text(decimal: UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: number))))
        case .time: return Printer.date(Int64(bitPattern: number))
        case .procRank: return Printer.name(Rank(UInt32(truncatingIfNeeded: number)))
        case .localityType, .storageMedium, .storageAccess, .storagePersistence, .storageAccessType:
            return Printer.flags(type, number)
        default: break
        }
        guard let name = Printer.name(type, number) else { return Text(decimal: number) }
        return name
    }

    private static func date(_ seconds: Int64) -> Text {
        var time = time_t(seconds)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let start = buffer.baseAddress, ctime_r(&time, start) != nil, let text = Text(copying: start) else {
                return Text(decimal: seconds)
            }
            return text.bytes.last == UInt8(ascii: "\n") ? Text(text.bytes.part(0..<text.count - 1)) : text
        }
    }

    private static func name(_ type: DataType, _ number: UInt64) -> Text? {
        let byte = UInt8(truncatingIfNeeded: number)
        let word = UInt16(truncatingIfNeeded: number)
        switch type {
        case .scope: return Text(copying: PMIx_Scope_string(byte))
        case .dataRange: return Text(copying: PMIx_Data_range_string(byte))
        case .procState: return Text(copying: PMIx_Proc_state_string(byte))
        case .jobState: return Text(copying: PMIx_Job_state_string(byte))
        case .linkState: return Text(copying: PMIx_Link_state_string(byte))
        case .allocDirective: return Text(copying: PMIx_Alloc_directive_string(byte))
        case .iofChannel: return Text(copying: PMIx_IOF_channel_string(word))
        case .dataType: return Text(copying: PMIx_Data_type_string(word))
        case .command: return CommandNames.text(byte)
        case .infoDirectives:
            let string = PMIx_Info_directives_string(UInt32(truncatingIfNeeded: number))
            defer { free(string) }
            return Text(copying: string)
        default: return nil
        }
    }

    private static func flags(_ type: DataType, _ number: UInt64) -> Text {
        let names: [Text]
        switch type {
        case .localityType:
            if number == 0 { return "UNKNOWN" }
            if number == 0x8000 { return "NONLOCAL" }
            names = ["HWTHREAD", "CORE", "L1", "L2", "L3", "PACKAGE", "NUMA", "", "", "", "", "", "", "", "NODE"]
        case .storageMedium:
            if number & 1 != 0 { return "UNKNOWN" }
            names = ["", "TAPE", "HDD", "SSD", "NVME", "PMEM", "RAM"]
        case .storageAccess: names = ["NODE", "SESSION", "JOB", "RACK", "CLUSTER", "REMOTE"]
        case .storagePersistence:
            names = ["TEMPORARY", "NODE", "SESSION", "JOB", "SCRATCH", "PROJECT", "ARCHIVE"]
        default: names = ["READ", "WRITE"]
        }
        var held: [Text] = []
        for (bit, name) in names.enumerated() where !name.isEmpty && number & 1 << UInt64(bit) != 0 {
            held.append(name)
        }
        return Text.joined(held, separator: UInt8(ascii: ":"))
    }
}
