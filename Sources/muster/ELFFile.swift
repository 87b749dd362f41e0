// What the doctor wants to know of a 64-bit little-endian ELF file, read by way of its section table. Files come from
// anywhere: every offset and count is checked, and what does not hold throws.
import Bytes
import CLibc

struct ELFFile {
    enum Refusal: Error, Equatable {
        case notELF
        /// Another word size or byte order than ours.
        case foreign
        case malformed
    }

    private struct Section {
        let name: String
        let type: UInt32
        let range: Range<Int>
        let link: Int
    }

    let machine: UInt16
    private(set) var soname: String?
    private(set) var needed: [String] = []
    private(set) var rpath: [String] = []
    private(set) var runpath: [String] = []
    /// Names this file takes from others. Those it can do without (weak ones) are left out.
    private(set) var imported: Set<String> = []
    private(set) var exported: Set<String> = []
    /// The text of our own section, for libraries of ours.
    private(set) var musterMark: String?

    init(_ bytes: [UInt8]) throws(Refusal) {
        do throws(Malformed) {
            let head = try ELFFile.head(of: bytes)
            machine = head.machine
            let sections = try ELFFile.sections(of: bytes, head)
            for section in sections {
                if section.type == UInt32(SHT_DYNAMIC) {
                    try readDynamic(bytes, section, strings: try ELFFile.strings(of: section, in: sections))
                } else if section.type == UInt32(SHT_DYNSYM) {
                    try readSymbols(bytes, section, strings: try ELFFile.strings(of: section, in: sections))
                }
                if section.name == ".muster" {
                    musterMark = String(decoding: bytes[section.range], as: UTF8.self)
                }
            }
        } catch {
            throw ELFFile.refusal(of: bytes)
        }
    }

    private struct Head {
        let machine: UInt16
        let tableOffset: UInt64
        let entrySize: UInt16
        let count: UInt16
        let nameIndex: UInt16
    }

    private static let magic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]

    /// Why a file could not be read, once it could not.
    private static func refusal(of bytes: [UInt8]) -> Refusal {
        guard bytes.starts(with: magic) else { return .notELF }
        return bytes.count > Int(EI_DATA) && !isOurs(bytes) ? .foreign : .malformed
    }

    private static func isOurs(_ bytes: [UInt8]) -> Bool {
        bytes[Int(EI_CLASS)] == UInt8(ELFCLASS64) && bytes[Int(EI_DATA)] == UInt8(ELFDATA2LSB)
    }

    private static func head(of bytes: [UInt8]) throws(Malformed) -> Head {
        guard bytes.starts(with: magic), bytes.count > Int(EI_DATA), isOurs(bytes) else { throw .pastEnd }
        var reader = ByteReader(bytes.span.bytes)
        try reader.skip(18)
        let machine = try reader.hostOrder(UInt16.self)
        try reader.skip(20)
        let offset = try reader.hostOrder(UInt64.self)
        try reader.skip(10)
        return Head(
            machine: machine, tableOffset: offset, entrySize: try reader.hostOrder(UInt16.self),
            count: try reader.hostOrder(UInt16.self), nameIndex: try reader.hostOrder(UInt16.self))
    }

    private static func sections(of bytes: [UInt8], _ head: Head) throws(Malformed) -> [Section] {
        struct Entry {
            let name: UInt32
            let type: UInt32
            let range: Range<Int>
            let link: UInt32
        }
        guard head.count > 0, head.entrySize >= 64 else { throw .count }
        let size = UInt64(head.entrySize) * UInt64(head.count)
        let table = try range(head.tableOffset, size, in: bytes)
        var entries: [Entry] = []
        for index in 0..<Int(head.count) {
            var reader = ByteReader(bytes.span.bytes.extracting(table))
            try reader.skip(index * Int(head.entrySize))
            let name = try reader.hostOrder(UInt32.self)
            let type = try reader.hostOrder(UInt32.self)
            try reader.skip(16)
            let offset = try reader.hostOrder(UInt64.self)
            let size = try reader.hostOrder(UInt64.self)
            // Such a section takes no room in the file, whatever size it states.
            let range = type == UInt32(SHT_NOBITS) ? 0..<0 : try range(offset, size, in: bytes)
            entries.append(Entry(name: name, type: type, range: range, link: try reader.hostOrder(UInt32.self)))
        }
        guard Int(head.nameIndex) < entries.count else { throw .count }
        let names = entries[Int(head.nameIndex)].range
        var sections: [Section] = []
        for entry in entries {
            let name = try text(at: UInt64(entry.name), of: names, in: bytes)
            sections.append(Section(name: name, type: entry.type, range: entry.range, link: Int(entry.link)))
        }
        return sections
    }

    /// The string table that belongs to a section.
    private static func strings(of section: Section, in sections: [Section]) throws(Malformed) -> Range<Int> {
        guard section.link < sections.count else { throw .count }
        return sections[section.link].range
    }

    private mutating func readDynamic(
        _ bytes: [UInt8], _ section: Section, strings: Range<Int>
    ) throws(Malformed) {
        var reader = ByteReader(bytes.span.bytes.extracting(section.range))
        while reader.remaining >= 16 {
            let tag = try reader.hostOrder(UInt64.self)
            let value = try reader.hostOrder(UInt64.self)
            switch Int32(truncatingIfNeeded: tag) {
            case DT_NULL: return
            case DT_NEEDED: needed.append(try ELFFile.text(at: value, of: strings, in: bytes))
            case DT_SONAME: soname = try ELFFile.text(at: value, of: strings, in: bytes)
            case DT_RPATH: rpath = ELFFile.folders(try ELFFile.text(at: value, of: strings, in: bytes))
            case DT_RUNPATH: runpath = ELFFile.folders(try ELFFile.text(at: value, of: strings, in: bytes))
            default: break
            }
        }
    }

    private mutating func readSymbols(
        _ bytes: [UInt8], _ section: Section, strings: Range<Int>
    ) throws(Malformed) {
        var reader = ByteReader(bytes.span.bytes.extracting(section.range))
        while reader.remaining >= 24 {
            let offset = try reader.hostOrder(UInt32.self)
            let binding = try reader.byte() >> 4
            try reader.skip(1)
            let home = try reader.hostOrder(UInt16.self)
            try reader.skip(16)
            // Local names are nobody else's business.
            guard binding != UInt8(STB_LOCAL) else { continue }
            let name = try ELFFile.text(at: UInt64(offset), of: strings, in: bytes)
            if home != UInt16(SHN_UNDEF) {
                exported.insert(name)
            } else if binding != UInt8(STB_WEAK) {
                imported.insert(name)
            }
        }
    }

    static func folders(_ list: String) -> [String] {
        list.split(separator: ":").map(String.init)
    }

    private static func range(_ offset: UInt64, _ size: UInt64, in bytes: [UInt8]) throws(Malformed) -> Range<Int> {
        let (end, overflow) = offset.addingReportingOverflow(size)
        guard !overflow, end <= UInt64(bytes.count) else { throw .pastEnd }
        return Int(offset)..<Int(end)
    }

    private static func text(
        at offset: UInt64, of strings: Range<Int>, in bytes: [UInt8]
    ) throws(Malformed) -> String {
        guard offset < UInt64(strings.count) else { throw .pastEnd }
        var reader = ByteReader(bytes.span.bytes.extracting(strings))
        try reader.skip(Int(offset))
        return String(decoding: try reader.untilNUL(), as: UTF8.self)
    }
}
