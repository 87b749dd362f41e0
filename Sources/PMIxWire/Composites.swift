import Bytes

// Types made of several fields, each reader beside its writer and in the same field order. facts: PMIx wire 4.3.

extension Unpacker {
    mutating func composite(_ type: DataType) throws(Malformed) -> Content {
        try enter()
        defer { leave() }
        switch type {
        case .value: return .value(try value())
        case .proc: return .proc(try procInside())
        case .info: return .info(try infoInside())
        case .keyValue: return .keyValue(try keyValueInside())
        case .pdata: return .published(try publishedInside())
        case .app: return .app(try appInside())
        case .query: return .query(try queryInside())
        case .procInfo: return .procInfo(try procInfoInside())
        case .dataArray: return .array(try arrayInside())
        case .infoArray:
            let count = try sizeInside()
            return .array(DataArray(.info, try elements(.info, count: count)))
        case .buffer:
            let kind = try reader.byte()
            return .buffer(kind: kind, try countedBytes())
        case .envar:
            let name = try stringInside()
            let value = try stringInside()
            return .envar(EnvironmentChange(name: name, value: value, separator: try reader.byte()))
        default: return try hardware(type)
        }
    }

    mutating func procInside() throws(Malformed) -> Proc {
        let nspace = try stringInside()
        return Proc(nspace ?? "", Rank(UInt32(truncatingIfNeeded: try unsigned(4))))
    }

    mutating func infoInside() throws(Malformed) -> Info {
        let key = try stringInside()
        let flags = UInt32(truncatingIfNeeded: try unsigned(4))
        return Info(key ?? "", try value(), flags: flags)
    }

    mutating func keyValueInside() throws(Malformed) -> KeyValue {
        let key = try stringInside()
        return KeyValue(key ?? "", try value())
    }

    private mutating func publishedInside() throws(Malformed) -> PublishedValue {
        let proc = try procInside()
        let key = try stringInside()
        return PublishedValue(proc: proc, key: key ?? "", value: try value())
    }

    mutating func strings(_ count: Int64) throws(Malformed) -> [Text] {
        guard count >= 0, count <= Int64(reader.remaining) else { throw .count }
        var texts: [Text] = []
        for _ in 0..<count { texts.append(try stringInside() ?? "") }
        return texts
    }

    private mutating func infosInside() throws(Malformed) -> [Info] {
        let count = try sizeInside()
        guard count <= UInt64(reader.remaining) else { throw .count }
        var infos: [Info] = []
        for _ in 0..<count { infos.append(try infoInside()) }
        return infos
    }

    private mutating func appInside() throws(Malformed) -> App {
        var app = App()
        app.command = try stringInside()
        app.arguments = try strings(try taggedInt())
        app.environment = try strings(try signed(4))
        app.directory = try stringInside()
        app.processCount = Int32(truncatingIfNeeded: try taggedInt())
        app.infos = try infosInside()
        return app
    }

    private mutating func queryInside() throws(Malformed) -> Query {
        let keys = try strings(try signed(4))
        return Query(keys: keys, qualifiers: try infosInside())
    }

    private mutating func procInfoInside() throws(Malformed) -> ProcInfo {
        let proc = try procInside()
        let host = try stringInside()
        let executable = try stringInside()
        let pid = try pidInside()
        return ProcInfo(proc: proc, host: host, executable: executable, pid: pid, state: try reader.byte())
    }

    private mutating func arrayInside() throws(Malformed) -> DataArray {
        let type = try tag()
        // Release 6.1 ends a NULL array after the tag.
        if isAtEnd && type == .undefined { return DataArray(.undefined, []) }
        let count = try sizeInside()
        if type == .undefined || count == 0 { return DataArray(type, []) }
        return DataArray(type, try elements(type, count: count))
    }
}

extension Packer {
    mutating func composite(_ content: Content, _ type: DataType) {
        switch (type, content) {
        case (.value, .value(let value)): self.value(inside: value)
        case (.proc, .proc(let proc)): self.proc(inside: proc)
        case (.info, .info(let info)): self.info(inside: info)
        case (.keyValue, .keyValue(let pair)):
            string(inside: pair.key)
            value(inside: pair.value)
        case (.pdata, .published(let published)):
            proc(inside: published.proc)
            string(inside: published.key)
            value(inside: published.value)
        case (.app, .app(let app)): self.app(inside: app)
        case (.query, .query(let query)):
            signed(Int64(query.keys.count), 4)
            for key in query.keys { string(inside: key) }
            infos(inside: query.qualifiers)
        case (.procInfo, .procInfo(let info)):
            proc(inside: info.proc)
            string(inside: info.host)
            string(inside: info.executable)
            pid(inside: info.pid)
            writer.byte(info.state)
        case (.dataArray, .array(let array)): self.array(inside: array)
        case (.infoArray, .array(let array)):
            size(inside: UInt64(array.elements.count))
            for element in array.elements { write(element, as: .info) }
        case (.buffer, .buffer(let kind, let bytes)):
            writer.byte(kind)
            counted(bytes)
        case (.envar, .envar(let change)):
            string(inside: change.name)
            string(inside: change.value)
            writer.byte(change.separator)
        default: hardware(content, type)
        }
    }

    mutating func proc(inside proc: Proc) {
        string(inside: proc.nspace)
        unsigned(UInt64(proc.rank.rawValue), 4)
    }

    mutating func info(inside info: Info) {
        string(inside: info.key)
        unsigned(UInt64(info.flags), 4)
        value(inside: info.value)
    }

    private mutating func infos(inside infos: [Info]) {
        size(inside: UInt64(infos.count))
        for info in infos { self.info(inside: info) }
    }

    private mutating func app(inside app: App) {
        string(inside: app.command)
        taggedInt(Int64(app.arguments.count))
        for argument in app.arguments { string(inside: argument) }
        signed(Int64(app.environment.count), 4)
        for variable in app.environment { string(inside: variable) }
        string(inside: app.directory)
        taggedInt(Int64(app.processCount))
        infos(inside: app.infos)
    }

    private mutating func array(inside array: DataArray) {
        tag(array.type)
        let count = array.type == .undefined ? 0 : array.elements.count
        size(inside: UInt64(count))
        if count == 0 { return }
        elements(array.type, array.elements)
    }
}
