// From a URI to a handle. Without one the environment says where the broker is; a path of dots and slashes leads from there
// to the instances around it.
import Bytes
import CLibc
import Sockets

/// What went wrong on the way, in words; nothing when the error's own text has to do.
public struct OpenProblem {
    public var text: Text?

    public init() {}
}

extension Handle {
    /// Opens what a connector of the program's own makes, by its scheme.
    public typealias ForeignOpener = (
        _ scheme: Text, _ path: Text?, _ flags: HandleFlags, _ problem: inout OpenProblem
    ) throws(Errno) -> Handle

    private static let systemURI: Text = "local:///run/flux/local"

    /// - Throws: also EINVAL for flags that mean nothing, ENOENT for a scheme that nobody knows.
    public static func open(
        _ uri: Text?, flags: Int32, _ problem: inout OpenProblem, foreign: ForeignOpener
    ) throws(Errno) -> Handle {
        guard flags & ~HandleFlags.all.rawValue == 0 else {
            problem.text = "invalid flags specified"
            throw Errno(code: EINVAL)
        }
        var opened = HandleFlags(rawValue: flags)
        let place = try resolve(uri, &problem, foreign)
        let (scheme, path) = split(place)
        if getenv("FLUX_HANDLE_TRACE") != nil { opened.insert(.trace) }
        if getenv("FLUX_HANDLE_MATCHDEBUG") != nil { opened.insert(.matchDebug) }
        let handle = try open(scheme, path, opened, &problem, foreign)
        do {
            try handle.setTestOptions()
        } catch {
            handle.dropUse()
            throw error
        }
        return handle
    }

    private static func open(
        _ scheme: Text, _ path: Text?, _ flags: HandleFlags, _ problem: inout OpenProblem, _ foreign: ForeignOpener
    ) throws(Errno) -> Handle {
        let connector: Connector
        if scheme == "local" {
            connector = try openLocal(path, &problem)
        } else if scheme == "fd" {
            connector = try openDescriptor(path, &problem)
        } else if scheme == "loop" {
            connector = LoopConnector()
        } else if scheme == "interthread" {
            connector = try openInterthread(path ?? "", &problem)
        } else if scheme == "ssh" {
            connector = try SSHConnector.open(path ?? "", &problem.text)
        } else {
            return try foreign(scheme, path, flags, &problem)
        }
        return Handle(connector, flags: flags)
    }

    private static func openLocal(_ path: Text?, _ problem: inout OpenProblem) throws(Errno) -> Connector {
        guard let path else {
            problem.text = "local://: URI path is not set"
            throw Errno(code: EINVAL)
        }
        do {
            return try LocalConnector(path: path)
        } catch {
            if error.code == ENOENT {
                problem.text = "broker socket " + path + " was not found"
            } else {
                problem.text = "local://" + path + ": " + Text(error.text)
            }
            throw error
        }
    }

    private static func openDescriptor(_ path: Text?, _ problem: inout OpenProblem) throws(Errno) -> Connector {
        guard let path else {
            problem.text = "URI path is not set"
            throw Errno(code: EINVAL)
        }
        guard let number = path.decimal, let descriptor = Int32(exactly: number) else {
            problem.text = "fd://" + path + ": error parsing file descriptor"
            throw Errno(code: EINVAL)
        }
        do {
            return try LocalConnector(descriptor: descriptor)
        } catch {
            problem.text = "fd://" + path + ": " + Text(error.text)
            throw error
        }
    }

    private static func openInterthread(_ name: Text, _ problem: inout OpenProblem) throws(Errno) -> Connector {
        do {
            return try InterthreadConnector(name: name)
        } catch {
            problem.text = "interthread channel " + name + " is already paired"
            throw error
        }
    }

    /// For tests of what a broker lets others do.
    private func setTestOptions() throws(Errno) {
        for (name, base, option) in [
            ("FLUX_HANDLE_USERID", Int32(10), ConnectorOption.userid),
            ("FLUX_HANDLE_ROLEMASK", Int32(0), ConnectorOption.rolemask),
        ] {
            guard let value = getenv(name) else { continue }
            let number = UInt32(truncatingIfNeeded: strtoul(value, nil, base))
            try withUnsafeBytes(of: number) { bytes throws(Errno) in try setOption(option, bytes) }
        }
    }

    // MARK: URIs

    /// Scheme and rest; nil when nothing but blanks is left of the latter.
    private static func split(_ uri: Text) -> (Text, Text?) {
        let bytes = uri.bytes
        let mark = Array("://".utf8)
        for place in bytes.indices where bytes[place...].starts(with: mark) {
            var end = bytes.count
            while end > place + 3, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") {
                end -= 1
            }
            let rest = end > place + 3 ? Text(bytes.part(place + 3..<end)) : nil
            return (Text(bytes.part(0..<place)), rest)
        }
        return (uri, nil)
    }

    private static func localURI() -> Text {
        guard let value = getenv("FLUX_URI") else { return systemURI }
        return Text(Array(UnsafeRawBufferPointer(start: value, count: strlen(value))))
    }

    private static func resolve(
        _ uri: Text?, _ problem: inout OpenProblem, _ foreign: ForeignOpener
    ) throws(Errno) -> Text {
        guard let uri else { return localURI() }
        guard uri.bytes.first == UInt8(ascii: ".") || uri.bytes.first == UInt8(ascii: "/") else { return uri }
        let start = try open(nil, flags: 0, &problem, foreign: foreign)
        guard uri.bytes.first == UInt8(ascii: "/") else {
            do {
                let count = try countParents(uri, &problem)
                return try ancestor(of: start, count, &problem, foreign)
            } catch {
                if start.isInUse { start.dropUse() }
                throw error
            }
        }
        guard uri == "/" else {
            start.dropUse()
            problem.text = uri + ": invalid URI"
            throw Errno(code: EINVAL)
        }
        return try ancestor(of: start, nil, &problem, foreign)
    }

    /// How many levels up a path of "." and ".." leads.
    private static func countParents(_ path: Text, _ problem: inout OpenProblem) throws(Errno) -> Int {
        var count = 0
        for element in path.split(UInt8(ascii: "/")) {
            if element == ".." {
                count += 1
            } else if element != "." {
                problem.text = path + ": invalid URI path element '" + element + "'"
                throw Errno(code: EINVAL)
            }
        }
        return count
    }

    /// The URI so many levels up, or of the outermost instance; closes the handle.
    private static func ancestor(
        of start: Handle, _ count: Int?, _ problem: inout OpenProblem, _ foreign: ForeignOpener
    ) throws(Errno) -> Text {
        var handle = start
        defer { handle.dropUse() }
        let level: Int
        do {
            level = try handle.instanceLevel()
        } catch {
            problem.text = "Failed to get instance-level attribute: " + Text(error.text)
            throw error
        }
        if count == 0 || level == 0 { return localURI() }
        let wanted = count.map { max(level - $0, 0) } ?? 0
        var depth = level
        while true {
            let uri = try handle.attribute("parent-uri").text
            let parent = try open(uri, flags: 0, &problem, foreign: foreign)
            handle.dropUse()
            handle = parent
            depth -= 1
            if depth == wanted { return uri }
        }
    }

    private func instanceLevel() throws(Errno) -> Int {
        guard let level = try attribute("instance-level").text.decimal else { throw Errno(code: EINVAL) }
        guard let level = Int32(exactly: level) else { throw Errno(code: ERANGE) }
        return Int(level)
    }
}
