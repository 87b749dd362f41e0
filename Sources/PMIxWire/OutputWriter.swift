import Bytes
import Reactor
import Sockets

/// Writes what processes have written to this process's own streams, or to files of theirs, whole lines at a time. On the
/// loop.
public final class OutputWriter {
    private struct Name: Hashable {
        let source: Proc
        let isErrors: Bool
    }

    private final class Stream {
        /// The begin of a line whose end has not come yet, and how it is to be shown.
        var begun: [UInt8] = []
        var format: OutputFormat
        var place: OutputFormat.Place?
        var file: Outlet?
        var hasFile = false

        init(_ format: OutputFormat) {
            self.format = format
        }
    }

    private let loop: Loop
    private var streams: [Name: Stream] = [:]
    private var own: (output: Outlet, errors: Outlet)?

    /// The longest begin of a line that is waited on for its end.
    private static let longestLine = 1 << 16

    public init(_ loop: Loop) {
        self.loop = loop
    }

    /// No bytes are the end of the stream. `writesOwn`: on this process's own output and errors, unless the format says
    /// otherwise.
    public func write(_ output: Output, _ format: OutputFormat, writesOwn: Bool, _ place: OutputFormat.Place? = nil) {
        let isErrors = output.channels & OutputChannels.output == 0 && !format.merges
        let name = Name(source: output.source, isErrors: isErrors)
        let stream = streams[name] ?? Stream(format)
        streams[name] = stream
        (stream.format, stream.place) = (format, place)
        if format.namesFiles && !stream.hasFile { open(stream, name) }
        let isOwn = writesOwn && !format.onlyFiles && (format.isLocal ?? true)
        let end = output.bytes.isEmpty || output.infos.isTrue("pmix.iof.cmp")
        var shown = format.isRaw ? output.bytes : lines(output.bytes, stream, name)
        if end { shown.add(rest(stream, name)) }
        put(shown, stream, name, isOwn: isOwn)
        if end { close(name) }
    }

    /// What can be shown by now: whole lines, and what is too long to wait for its end.
    private func lines(_ bytes: [UInt8], _ stream: Stream, _ name: Name) -> [UInt8] {
        var shown: [UInt8] = []
        var begin = 0
        // One look at the clock does for all that came at once.
        let moment = stream.format.hasTime ? OutputFiles.Moment.now.text : []
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            stream.begun.add(bytes, begin..<index)
            shown.add(line(stream, name, moment))
            begin = index + 1
        }
        stream.begun.add(bytes, begin..<bytes.count)
        if stream.begun.count > OutputWriter.longestLine { shown.add(line(stream, name, moment)) }
        return shown
    }

    private func line(_ stream: Stream, _ name: Name, _ moment: [UInt8]) -> [UInt8] {
        let bytes = stream.begun
        stream.begun = []
        return stream.format.line(bytes, name.source, isErrors: name.isErrors, at: moment, stream.place)
    }

    /// A last line without an end gets none, where lines are shown as they came.
    private func rest(_ stream: Stream, _ name: Name) -> [UInt8] {
        if stream.begun.isEmpty { return [] }
        guard !stream.format.isPlain else {
            defer { stream.begun = [] }
            return stream.begun
        }
        return line(stream, name, stream.format.hasTime ? OutputFiles.Moment.now.text : [])
    }

    private func put(_ bytes: [UInt8], _ stream: Stream, _ name: Name, isOwn: Bool) {
        if bytes.isEmpty { return }
        stream.file?.write(bytes)
        guard isOwn else { return }
        let outlets = own ?? (Outlet(loop, 1, isOwned: false), Outlet(loop, 2, isOwned: false))
        own = outlets
        (name.isErrors ? outlets.errors : outlets.output).write(bytes)
    }

    /// A text of this process itself, on its own streams.
    public func say(_ text: Text, isErrors: Bool, from source: Proc, at moment: Int64?, _ format: OutputFormat) {
        var bytes = text.bytes
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        let time = OutputFiles.Moment(seconds: moment ?? OutputFiles.Moment.now.seconds)
        let shown = format.line(bytes, source, isErrors: isErrors, at: time.text, nil)
        let name = Name(source: source, isErrors: isErrors)
        put(shown, Stream(format), name, isOwn: true)
    }

    // MARK: Files

    private func open(_ stream: Stream, _ name: Name) {
        stream.hasFile = true
        guard let path = stream.format.path(name.source, isErrors: name.isErrors) else { return }
        do throws(Errno) {
            stream.file = Outlet(loop, try OutputFiles.create(path.bytes), isOwned: true)
        } catch {
            // Said where it would have been seen: output that goes nowhere is worse than a line too many.
            let reason = Text("output file " + path.description + ": " + error.text + "\n")
            put(reason.bytes, Stream(OutputFormat()), Name(source: name.source, isErrors: true), isOwn: true)
        }
    }

    private func close(_ name: Name) {
        streams[name]?.file?.close()
        // A stream that goes on after its end must not begin its file anew.
        if streams[name]?.hasFile == true { streams[name]?.file = nil } else { streams[name] = nil }
    }

    /// The job is over: what its processes began to write is shown, and its files are closed.
    public func finish(_ nspace: Namespace) {
        for (name, stream) in streams where name.source.nspace == nspace { finish(name, stream) }
    }

    public func finish() {
        for (name, stream) in streams { finish(name, stream) }
        own?.output.close()
        own?.errors.close()
        own = nil
    }

    private func finish(_ name: Name, _ stream: Stream) {
        let isOwn = !stream.format.onlyFiles && (stream.format.isLocal ?? true)
        put(rest(stream, name), stream, name, isOwn: isOwn && own != nil)
        stream.file?.close()
        streams[name] = nil
    }
}
