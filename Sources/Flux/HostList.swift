// Lists of hosts (RFC 29: "node[0-3,7],login") and sets of numbers (RFC 22: "0-3,7"), and which host a rank is on.
import Bytes
import CLibc
import Sockets

/// The digits of a number at the start of these bytes, and it; nil for none or one that nobody has so many of.
private func number(_ bytes: ArraySlice<UInt8>) -> (value: Int, digits: Int)? {
    let digits = bytes.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard !digits.isEmpty, digits.count <= 9 else { return nil }
    return (digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }, digits.count)
}

/// "0-3,7" as ranges in the order they stand; `width` is that of a number with zeros in front.
private func ranges(_ text: ArraySlice<UInt8>) -> [(range: ClosedRange<Int>, width: Int)]? {
    var found: [(range: ClosedRange<Int>, width: Int)] = []
    for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
        guard let first = number(part) else { return nil }
        var rest = part.dropFirst(first.digits)
        var last = first.value
        if rest.first == UInt8(ascii: "-") {
            guard let end = number(rest.dropFirst()), end.value >= first.value else { return nil }
            last = end.value
            rest = rest.dropFirst(1 + end.digits)
        }
        guard rest.isEmpty else { return nil }
        found.append((range: first.value...last, width: first.digits))
    }
    return found
}

public enum RankSet {
    static let limit = 1 << 20

    /// In order, each once; nil for what is no set.
    public static func decode(_ text: [UInt8]) -> [Int]? {
        var body = text[...]
        if body.first == UInt8(ascii: "[") {
            guard body.last == UInt8(ascii: "]"), body.count > 1 else { return nil }
            body = body.dropFirst().dropLast()
        }
        if body.isEmpty { return [] }
        guard let ranges = ranges(body) else { return nil }
        var all: Set<Int> = []
        for (range, _) in ranges {
            guard all.count + range.count <= limit else { return nil }
            for value in range { all.insert(value) }
        }
        return all.sorted()
    }

    /// Of numbers in order.
    public static func encode(_ numbers: [Int]) -> [UInt8] {
        var text: [UInt8] = []
        var place = 0
        while place < numbers.count {
            var end = place
            while end + 1 < numbers.count, numbers[end + 1] == numbers[end] + 1 { end += 1 }
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            text.add(Text(decimal: numbers[place]).bytes)
            if end > place {
                text.append(UInt8(ascii: "-"))
                text.add(Text(decimal: numbers[end]).bytes)
            }
            place = end + 1
        }
        return text
    }
}

public enum HostList {
    /// Every host; nil for what is no list, or too long a one.
    public static func decode(_ text: [UInt8]) -> [[UInt8]]? {
        var hosts: [[UInt8]] = []
        for part in parts(text) {
            if part.isEmpty { continue }
            guard let open = part.firstIndex(of: UInt8(ascii: "[")) else {
                guard !part.contains(UInt8(ascii: "]")) else { return nil }
                hosts.append(Array(part))
                continue
            }
            guard let close = part.firstIndex(of: UInt8(ascii: "]")), close > open,
                let ranges = ranges(part[(open + 1)..<close])
            else { return nil }
            let suffix = part[(close + 1)...]
            guard !suffix.contains(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "]") }) else { return nil }
            for (range, width) in ranges {
                guard hosts.count + range.count <= RankSet.limit else { return nil }
                for value in range { hosts.append(Array(part[..<open]) + padded(value, width) + Array(suffix)) }
            }
        }
        return hosts
    }

    /// What stands between commas outside of brackets.
    private static func parts(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var isInside = false
        for (place, byte) in text.enumerated() {
            if byte == UInt8(ascii: "[") { isInside = true }
            if byte == UInt8(ascii: "]") { isInside = false }
            if byte == UInt8(ascii: ","), !isInside {
                parts.append(text[start..<place])
                start = place + 1
            }
        }
        parts.append(text[start...])
        return parts
    }

    private static func padded(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = Text(decimal: value).bytes
        return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, width - digits.count)) + digits
    }

    /// Hosts that differ in their last number alone and follow each other share their name.
    public static func encode(_ hosts: [[UInt8]]) -> [UInt8] {
        var text: [UInt8] = []
        var place = 0
        while place < hosts.count {
            let (prefix, first) = split(hosts[place])
            var end = place + 1
            var numbers = [first]
            while first != nil, end < hosts.count {
                let (other, next) = split(hosts[end])
                guard let next, let known = numbers.last ?? nil, other == prefix, isAlike(known, next) else { break }
                numbers.append(next)
                end += 1
            }
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            text.add(prefix)
            if numbers.count > 1 { text.append(UInt8(ascii: "[")) }
            text.add(joined(numbers.compactMap { $0 }))
            if numbers.count > 1 { text.append(UInt8(ascii: "]")) }
            place = end
        }
        return text
    }

    /// What stands before the digits at the end, and these.
    private static func split(_ host: [UInt8]) -> (prefix: [UInt8], digits: [UInt8]?) {
        let count = host.reversed().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
        guard count > 0, count <= 9 else { return (host, nil) }
        return (Array(host.dropLast(count)), Array(host.suffix(count)))
    }

    /// Whether two numbers can stand in one list: zeros in front say how wide all are.
    private static func isAlike(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count || (one.first != UInt8(ascii: "0") && other.first != UInt8(ascii: "0"))
    }

    private static func joined(_ numbers: [[UInt8]]) -> [UInt8] {
        var text: [UInt8] = []
        var place = 0
        while place < numbers.count {
            var end = place
            while end + 1 < numbers.count, let here = number(numbers[end][...])?.value,
                number(numbers[end + 1][...])?.value == here + 1
            {
                end += 1
            }
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            text.add(numbers[place])
            if end > place {
                text.append(UInt8(ascii: "-"))
                text.add(numbers[end])
            }
            place = end + 1
        }
        return text
    }
}

/// Which rank is on which host, as the attribute "hostlist" says; read once for a handle.
public final class HostMap {
    private static let name = Text("flux::hostmap")
    private let hosts: [Slice]

    private init(_ hosts: [[UInt8]]) {
        self.hosts = hosts.map { Slice($0) }
    }

    public static func of(_ handle: Handle) throws(Errno) -> HostMap {
        do throws(Errno) {
            return Unmanaged<HostMap>.fromOpaque(try handle.aux.value(name)).takeUnretainedValue()
        } catch {
            guard error.code == ENOENT else { throw error }
        }
        let list = try handle.attribute("hostlist").bytes
        guard let hosts = HostList.decode(list) else { throw Errno(code: EINVAL) }
        let map = HostMap(hosts)
        // Safety: the handle holds one reference until it is torn down.
        try handle.aux.set(name, Unmanaged.passRetained(map).toOpaque()) { Unmanaged<HostMap>.fromOpaque($0).release() }
        return map
    }

    public func host(of rank: UInt32) -> Slice? {
        Int(rank) < hosts.count ? hosts[Int(rank)] : nil
    }

    /// The lowest of a host.
    public func rank(of host: [UInt8]) -> Int? {
        hosts.firstIndex { $0.isSame(as: host) }
    }

    /// The hosts of a set of ranks, or the ranks of a list of hosts.
    public func lookUp(_ targets: [UInt8]) throws(ConfError) -> [UInt8] {
        if let ranks = RankSet.decode(targets) {
            var found: [[UInt8]] = []
            for rank in ranks {
                guard let host = host(of: UInt32(rank)) else {
                    throw HostMap.failure("there is no rank " + String(rank))
                }
                found.append(host.bytes)
            }
            return HostList.encode(found)
        }
        guard let wanted = HostList.decode(targets) else {
            throw HostMap.failure("this is neither a set of ranks nor a list of hosts")
        }
        var ranks: Set<Int> = []
        for host in wanted {
            guard let rank = rank(of: host) else {
                throw HostMap.failure("there is no host " + String(decoding: host, as: UTF8.self))
            }
            ranks.insert(rank)
        }
        return RankSet.encode(ranks.sorted())
    }

    private static func failure(_ text: String) -> ConfError {
        ConfError(code: Errno(code: ENOENT), text: text)
    }
}
