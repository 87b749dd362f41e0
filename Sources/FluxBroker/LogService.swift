// The instance's log: the latest lines, for whoever asks for them or follows them.
import CLibc
import Flux
import JSON

final class LogService: ServiceProvider {
    enum Level: Int {
        case emergency, alert, critical, error, warning, notice, info, debug
    }

    private var lines: [[UInt8]] = []
    /// Where the oldest of the lines is, once they fill the ring.
    private var oldest = 0
    private var followers: [Request] = []
    private var count = 0
    private let stderrLevel: Int
    private let hostRank = "0"
    private static let ringSize = 1024
    private static let longestLine = 4096

    init(_ settings: Settings) {
        stderrLevel = settings.isQuiet ? -1 : settings.logLevel
    }

    func register(_ services: Services) {
        services.add("log.append", .owner) { [unowned self] in try append($0) }
        services.add("log.dmesg", .owner) { [unowned self] in try dmesg($0) }
        services.add("log.clear", .owner) { [unowned self] in
            lines = []
            oldest = 0
            $0.respond()
        }
        services.add("log.stats-get", .any) { [unowned self] in
            $0.respond(
                .object([
                    ("ring-used", .integer(lines.count)), ("count", .integer(count)), ("local", .integer(count)),
                    ("remote", .integer(0)),
                ]))
        }
        services.add("log.cancel", .user) { [unowned self] in cancel($0) }
        services.add("log.disconnect", .any) { [unowned self] request in
            followers.removeAll { $0.isOf(sender: request) }
        }
    }

    /// A line of the broker's own.
    func say(_ level: Level, _ text: String) {
        // The order of the original: severity times eight, and the facility behind it.
        let line = "<\(level.rawValue * 8)>1 \(LogService.timestamp) \(hostRank) broker \(getpid()) - - \(text)"
        add(Array(line.utf8))
        if level.rawValue <= stderrLevel { fputs("muster broker: \(text)\n", clibc_stderr()) }
    }

    /// As RFC 5424 writes it, in UTC with microseconds.
    private static var timestamp: String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        func padded(_ number: some BinaryInteger, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
        let time = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
        return "\(date)T\(time).\(padded(now.tv_nsec / 1000, 6))Z"
    }

    private func add(_ line: [UInt8]) {
        count += 1
        if lines.count < LogService.ringSize {
            lines.append(line)
        } else {
            lines[oldest] = line
            oldest = (oldest + 1) % LogService.ringSize
        }
        for follower in followers { follower.respond(text: line) }
    }

    private func append(_ request: Request) throws(ServiceFailure) {
        if let payload = request.message.payload {
            // Text up to a NUL, of a length that suits a ring.
            let line = payload.raw.prefix { $0 != 0 }.prefix(LogService.longestLine)
            add(Array(line))
        }
        request.respond()
    }

    private func dmesg(_ request: Request) throws(ServiceFailure) {
        guard request.isStreaming, let isFollowing = try request.object()["follow"]?.bool else { throw .malformed }
        if request.json?["nobacklog"]?.bool != true {
            for place in lines.indices { request.respond(text: lines[(oldest + place) % lines.count]) }
        }
        guard isFollowing else { throw ServiceFailure(ENODATA) }
        followers.append(request)
    }

    private func cancel(_ request: Request) {
        guard let matchtag = request.json?["matchtag"]?.integer else { return }
        let ended = followers.filter { $0.isOf(sender: request, matchtag: matchtag) }
        followers.removeAll { $0.isOf(sender: request, matchtag: matchtag) }
        for follower in ended { follower.fail(ENODATA) }
    }
}
