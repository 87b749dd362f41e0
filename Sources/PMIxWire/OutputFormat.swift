import Bytes

/// How output is shown where it is received: the PMIX_IOF_* directives of a job, of a registration or of a process.
public struct OutputFormat: Sendable {
    enum Tag { case none, job, detailed, full, rank }

    var tag = Tag.none
    var hasTime = false
    var isXML = false
    /// Standard errors go where standard output goes.
    var merges = false
    /// As it comes, not by whole lines.
    var isRaw = false
    /// The begin of the names of files, one for each process and channel; a pattern does not get the process's name.
    var file: Text?
    var isPattern = false
    var directory: Text?
    /// The files are all there is.
    var onlyFiles = false
    /// Whether it is written to this process's own streams; nil when nothing says so.
    public private(set) var isLocal: Bool?
    /// Whether anything was said at all.
    public private(set) var isGiven = false

    public init() {}

    public init(_ infos: [Info]) {
        for info in infos where info.key.hasPrefix("pmix.iof.") { take(info.key, info.value) }
    }

    private mutating func take(_ key: Key, _ value: Value) {
        let isTrue = value.asBool ?? false
        switch key {
        case "pmix.iof.tag": if isTrue { tag = .job }
        case "pmix.iof.tagdet": if isTrue { tag = .detailed }
        case "pmix.iof.tagfull": if isTrue { tag = .full }
        case "pmix.iof.rank": if isTrue { tag = .rank }
        case "pmix.iof.ts": hasTime = isTrue
        case "pmix.iof.xml": isXML = isTrue
        case "pmix.iof.mrg": merges = isTrue
        case "pmix.iof.raw": isRaw = isTrue
        case "pmix.iof.file": file = value.asText
        case "pmix.iof.fpt": isPattern = isTrue
        case "pmix.iof.dir": directory = value.asText
        case "pmix.iof.fonly": onlyFiles = isTrue
        case "pmix.iof.local": isLocal = isTrue
        default: return
        }
        isGiven = true
    }

    /// What a report of the log looks like.
    public init(log directives: [Info]) {
        if directives.isTrue("pmix.log.tag") { tag = .full }
        hasTime = directives.isTrue("pmix.log.tsout")
        isXML = directives.isTrue("pmix.log.xml")
    }

    /// The same where the files are somebody else's to write.
    public var withoutFiles: OutputFormat {
        var format = self
        (format.file, format.directory) = (nil, nil)
        return format
    }

    public var namesFiles: Bool { file != nil || directory != nil }

    /// Where the output of a process goes, of those who asked for files.
    func path(_ source: Proc, isErrors: Bool) -> Text? {
        let rank = Text(decimal: source.rank.rawValue)
        let ending: Text = isErrors ? ".err" : ".out"
        if let directory {
            return directory + "/" + source.nspace + "/rank." + rank + (isErrors ? "/stderr" : "/stdout")
        }
        return file.map { isPattern ? $0 + ".pattern" + ending : $0 + "." + source.nspace + "." + rank + ending }
    }
}

// MARK: - Lines

extension OutputFormat {
    /// Where a process runs, for those who want it said.
    public struct Place: Sendable {
        public let host: Text
        public let process: Text

        public init(host: Text?, process: Text?) {
            self.host = host ?? "unknown"
            self.process = process ?? "unknown"
        }
    }

    public var namesPlace: Bool { tag == .detailed }
    var isPlain: Bool { tag == .none && !hasTime && !isXML }

    /// One line, given without its end, as it is shown.
    func line(
        _ bytes: [UInt8], _ source: Proc, isErrors: Bool, at moment: @autoclosure () -> [UInt8], _ place: Place?
    ) -> [UInt8] {
        let channel: Text = isErrors ? "stderr" : "stdout"
        if isXML { return element(bytes, source, channel, hasTime ? Text(moment()) : nil, place).bytes }
        var line: [UInt8] = []
        if !isPlain {
            if hasTime { line.add(("[" + Text(moment()) + "]").bytes) }
            line.add(name(source, place).bytes)
            line.add(("<" + channel + ">: ").bytes)
        }
        line.add(bytes)
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private func name(_ source: Proc, _ place: Place?) -> Text {
        let rank = Text(decimal: source.rank.rawValue)
        switch tag {
        case .none: return ""
        case .rank: return "[" + rank + "]"
        case .full: return "[" + source.nspace + "," + rank + "]"
        case .job: return "[" + job(source.nspace) + "," + rank + "]"
        case .detailed:
            let place = place ?? Place(host: nil, process: nil)
            let name = "[" + job(source.nspace) + "," + rank + "]"
            return name + "[" + place.host + ":" + place.process + "]"
        }
    }

    /// Of a job that a launcher has numbered, the number.
    private func job(_ nspace: Namespace) -> Text {
        guard let at = nspace.bytes.lastIndex(of: UInt8(ascii: "@")), at + 1 < nspace.count else { return nspace }
        return Text(Array(nspace.bytes[(at + 1)...]))
    }

    private func element(_ bytes: [UInt8], _ source: Proc, _ channel: Text, _ time: Text?, _ place: Place?) -> Text {
        var head = "<" + channel
        if tag == .job { head = head + " nspace=\"" + escaped(job(source.nspace)) + "\"" }
        if tag == .full || tag == .detailed { head = head + " nspace=\"" + escaped(source.nspace) + "\"" }
        head = head + " rank=\"" + Text(decimal: source.rank.rawValue) + "\""
        if tag == .detailed, let place {
            head = head + " host=\"" + escaped(place.host) + "\" pid=\"" + escaped(place.process) + "\""
        }
        if let time { head = head + " timestamp=\"" + time + "\"" }
        return head + ">" + escaped(Text(bytes)) + "&#010;</" + channel + ">\n"
    }

    private func escaped(_ text: Text) -> Text {
        var bytes: [UInt8] = []
        for byte in text.bytes {
            switch byte {
            case UInt8(ascii: "<"): bytes.add(Text("&lt;").bytes)
            case UInt8(ascii: ">"): bytes.add(Text("&gt;").bytes)
            case UInt8(ascii: "&"): bytes.add(Text("&amp;").bytes)
            case 0x20...0x7e, 0x09, 0x80...0xff: bytes.append(byte)
            default:
                // Other control characters may not stand in XML, however they are written; the field shows their number.
                let number = String(byte)
                bytes.add(("&#" + Text(String(repeating: "0", count: 3 - number.count) + number) + ";").bytes)
            }
        }
        return Text(bytes)
    }
}
