// Log messages: RFC 5424 lines sent to the broker, or handed to a function of the program.
import Bytes
import CLibc
import Sockets

public final class LogContext {
    private static let longestAppname = 48
    private static let longestProcid = 128
    private static let longestHostname = 255

    private var appname: [UInt8]
    private var procid: [UInt8]
    fileprivate var hostname: [UInt8] = []
    public var redirect: ((UnsafeRawBufferPointer) -> Void)?

    init() {
        procid = Array(String(getpid()).utf8)
        let name = clibc_program_name()
        appname = name.map { LogContext.cut(UnsafeRawBufferPointer(start: $0, count: strlen($0)), 48) } ?? []
    }

    private static func cut(_ bytes: UnsafeRawBufferPointer, _ most: Int) -> [UInt8] { Array(bytes.prefix(most)) }

    public func setAppname(_ name: [UInt8]) {
        appname = Array(name.prefix(LogContext.longestAppname))
    }

    public func setProcid(_ procid: [UInt8]) {
        self.procid = Array(procid.prefix(LogContext.longestProcid))
    }

    /// Nothing: the rank, once it is known.
    public func setHostname(_ name: [UInt8]) {
        hostname = Array(name.prefix(LogContext.longestHostname))
    }

    fileprivate func line(_ level: Int32, _ text: ArraySlice<UInt8>) -> [UInt8] {
        // The broker takes the severity from the bits above the lowest three, whatever the RFC says of their order.
        let priority = (level & 7) << 3 | Int32(LOG_USER) & 7
        var line = Array("<\(priority)>1 ".utf8)
        line += LogContext.timestamp()
        for word in [hostname, appname, procid] {
            line.append(UInt8(ascii: " "))
            line += word.isEmpty ? [UInt8(ascii: "-")] : word
        }
        line += Array(" - - ".utf8)
        line += text
        return line
    }

    /// Now, to the microsecond, in universal time.
    private static func timestamp() -> [UInt8] {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        var seconds = now.tv_sec
        gmtime_r(&seconds, &parts)
        func digits(_ value: some BinaryInteger, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(count - text.utf8.count, 0)) + text
        }
        let day = digits(parts.tm_year + 1900, 4) + "-" + digits(parts.tm_mon + 1, 2) + "-" + digits(parts.tm_mday, 2)
        let time = digits(parts.tm_hour, 2) + ":" + digits(parts.tm_min, 2) + ":" + digits(parts.tm_sec, 2)
        return Array((day + "T" + time + "." + digits(now.tv_nsec / 1000, 6) + "Z").utf8)
    }
}

extension Handle {
    /// What the log says of this handle's messages.
    public var logContext: LogContext { log }

    /// One message for each line that says anything.
    public func write(_ level: Int32, _ text: [UInt8]) throws(Errno) {
        if log.hostname.isEmpty {
            do {
                log.setHostname(Array(String(try rank()).utf8))
            } catch {
                // A broker that does not know its rank gets messages from nobody.
            }
        }
        var isFirst = true
        for line in text.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            try writeLine(level, line)
            isFirst = false
        }
        if isFirst { try writeLine(level, []) }
    }

    private func writeLine(_ level: Int32, _ text: ArraySlice<UInt8>) throws(Errno) {
        let line = log.line(level, text)
        if let redirect = log.redirect {
            line.withUnsafeBytes { redirect($0) }
            return
        }
        let request = Message.request(topic: Slice("log.append"), payload: Slice(line))
        try send(request)
    }
}

public enum LogLevel {
    /// What the level is called; a dash for what is none.
    public static func name(_ level: Int32) -> StaticString {
        switch level & 7 {
        case 0: "emerg"
        case 1: "alert"
        case 2: "crit"
        case 3: "err"
        case 4: "warning"
        case 5: "notice"
        case 6: "info"
        default: "debug"
        }
    }
}
