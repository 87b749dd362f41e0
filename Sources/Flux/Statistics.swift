// Numbers sent to a collector of the statsd kind, which FLUX_FRIPP_STATSD names as HOST:PORT. Without it nothing
// happens.
import Bytes
import CLibc
import Sockets

public final class Statistics {
    private enum Number: Equatable {
        case count(Int)
        case gauge(Int)
        case milliseconds(Double)
    }

    private struct Metric {
        var number: Number
        var sent: Number?
    }

    private static let name = Text("flux::statistics")
    private static let packetByteCount = 1400
    private let descriptor: Int32
    private var prefix: [UInt8] = []
    private var metrics: [Text: Metric] = [:]
    /// 0: everything at once.
    private var period: Double = 1
    private var timer: TimerWatcher?

    /// The handle's own.
    public static func of(_ handle: Handle) -> Statistics? {
        if let known = try? handle.aux.value(name) {
            // Safety: what hangs there is held by the handle, as below.
            return Unmanaged<Statistics>.fromOpaque(known).takeUnretainedValue().ifEnabled
        }
        let made = Statistics(descriptor: connection())
        if made.descriptor >= 0 { made.begin(handle) }
        do {
            // Safety: the handle holds one reference until it is torn down.
            try handle.aux.set(name, Unmanaged.passRetained(made).toOpaque()) {
                Unmanaged<Statistics>.fromOpaque($0).takeRetainedValue().end()
            }
        } catch {
            return nil
        }
        return made.ifEnabled
    }

    private var ifEnabled: Statistics? { descriptor >= 0 ? self : nil }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    private static func connection() -> Int32 {
        guard let value = getenv("FLUX_FRIPP_STATSD") else { return -1 }
        let whole = Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
        guard let colon = whole.firstIndex(of: UInt8(ascii: ":")) else { return -1 }
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let host = String(decoding: whole[..<colon], as: UTF8.self)
        let port = String(decoding: whole[(colon + 1)...], as: UTF8.self)
        guard getaddrinfo(host, port, &hints, &list) == 0, let found = list else { return -1 }
        defer { freeaddrinfo(found) }
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return -1 }
        if clibc_connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 { return descriptor }
        close(descriptor)
        return -1
    }

    private func begin(_ handle: Handle) {
        prefix = Array("flux.".utf8) + Text(decimal: (try? handle.rank()) ?? 0).bytes
        guard let reactor = try? handle.currentReactor() else { return }
        timer = TimerWatcher(reactor, after: period, repeat: period) { [unowned(unsafe) self] _, _ in
            // Safety: the watcher is stopped at the end.
            flush()
        }
    }

    private func end() {
        timer?.stop()
        timer = nil
        if descriptor >= 0 { close(descriptor) }
    }

    // MARK: What is told

    public func count(_ name: [UInt8], _ count: Int) {
        set(Text(name), .count(count), isIncrement: false)
    }

    public func gauge(_ name: [UInt8], _ value: Int, isIncrement: Bool) {
        var value = value
        if isIncrement, period > 0, case .gauge(let old)? = metrics[Text(name)]?.number { value = old &+ value }
        set(Text(name), .gauge(value), isIncrement: isIncrement)
    }

    public func timing(_ name: [UInt8], _ milliseconds: Double) {
        set(Text(name), .milliseconds(milliseconds), isIncrement: false)
    }

    public func setPrefix(_ prefix: [UInt8]) {
        self.prefix = prefix
    }

    public func setPeriod(_ seconds: Double) {
        period = seconds > 0 ? seconds : 0
        timer?.stop()
        guard period > 0 else { return }
        timer?.reset(after: period, repeat: period)
        if !metrics.isEmpty { timer?.start() }
    }

    private func set(_ name: Text, _ number: Number, isIncrement: Bool) {
        guard period > 0 else {
            send(line(name, number, isIncrement: isIncrement))
            return
        }
        metrics[name] = Metric(number: number, sent: metrics[name]?.sent)
        timer?.start()
    }

    // MARK: How it is told

    /// What has changed is sent, what has not is forgotten.
    private func flush() {
        var packet: [UInt8] = []
        for (name, metric) in metrics {
            guard metric.number != metric.sent else {
                metrics[name] = nil
                continue
            }
            metrics[name]?.sent = metric.number
            let line = line(name, metric.number, isIncrement: false)
            if packet.count + 1 + line.count > Statistics.packetByteCount {
                send(packet)
                packet = []
            }
            if !packet.isEmpty { packet.append(UInt8(ascii: "\n")) }
            packet.add(line)
        }
        if packet.isEmpty { timer?.stop() } else { send(packet) }
    }

    private func line(_ name: Text, _ number: Number, isIncrement: Bool) -> [UInt8] {
        var line = prefix
        line.append(UInt8(ascii: "."))
        line.add(name.bytes)
        line.append(UInt8(ascii: ":"))
        switch number {
        case .count(let value):
            line.add(Text(decimal: value).bytes)
            line.add(Array("|C".utf8))
        case .gauge(let value):
            if isIncrement, value > 0 { line.append(UInt8(ascii: "+")) }
            line.add(Text(decimal: value).bytes)
            line.add(Array("|g".utf8))
        case .milliseconds(let value):
            var room = [CChar](repeating: 0, count: 400)
            clibc_format_fixed(&room, room.count, 6, value)
            line.add(room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) })
            line.add(Array("|ms".utf8))
        }
        return line
    }

    private func send(_ packet: [UInt8]) {
        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        _ = packet.withUnsafeBytes { CLibc.send(descriptor, $0.baseAddress, $0.count, flags) }
    }
}
