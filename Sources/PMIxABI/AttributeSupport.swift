// Which attributes each function heeds: what queries with PMIX_QUERY_ATTRIBUTE_SUPPORT are answered from. A client knows of
// its own functions and a tool's, a server also of its own and of what its host has registered.
import Bytes
import CPMIx
import PMIxWire
import Reactor
import Sockets

/// The functions of one side, and how a query names them.
enum AttributeLevel: CaseIterable {
    case client, tool, server, host

    /// The qualifier that asks for attributes, of the functions in its value or of "all".
    var attributesKey: Key {
        switch self {
        case .client: "pmix.client.attrs"
        case .tool: "pmix.tool.attrs"
        case .server: "pmix.srvr.attrs"
        case .host: "pmix.host.attrs"
        }
    }

    /// The qualifier that asks which functions there are.
    var functionsKey: Key {
        switch self {
        case .client: "pmix.client.fns"
        case .tool: "pmix.tool.fns"
        case .server: "pmix.srvr.fns"
        case .host: "pmix.host.fns"
        }
    }

    func isNamed(by key: Key) -> Bool {
        key == attributesKey || key == functionsKey
    }
}

/// What a host has said about its own functions, and the answers to queries about any.
final class AttributeRegistry: @unchecked Sendable {
    static let shared = AttributeRegistry()

    private let lock = Lock()
    private var registered: [(function: Text, attributes: [RegisteredAttribute])] = []  // lock

    /// A function is registered once.
    func register(_ function: Text, _ names: [Text]) throws(Status) {
        let attributes = names.map { AttributeNames.attribute(named: $0) }
        lock.lock()
        defer { lock.unlock() }
        if registered.contains(where: { $0.function == function }) { throw .repeatedRegistration }
        registered.append((function, attributes))
    }

    func removeAll() {
        lock.withLock { registered = [] }
    }

    func resetAfterFork() {
        lock.resetAfterFork()
    }

    /// One info per qualifier that asks for something there is.
    func answers(to query: Query, from levels: [AttributeLevel]) -> [Info] {
        query.qualifiers.compactMap { qualifier in
            guard let level = levels.first(where: { $0.isNamed(by: qualifier.key) }) else { return nil }
            let functions = functions(of: level)
            if qualifier.key == level.functionsKey {
                guard !functions.isEmpty, qualifier.value.asBool ?? false else { return nil }
                let names = Text.joined(functions.map { $0.function }, separator: UInt8(ascii: ","))
                return answer([Info(qualifier.key, .string(names))])
            }
            let wanted = qualifier.value.asText?.split(UInt8(ascii: ",")) ?? ["all"]
            let found = functions.filter { function in
                !function.attributes.isEmpty && (wanted.contains("all") || wanted.contains(function.function))
            }
            return found.isEmpty ? nil : answer(found.map { AttributeRegistry.info($0.function, $0.attributes) })
        }
    }

    private func answer(_ infos: [Info]) -> Info {
        Info(.queryAttributeSupport, .infos(infos))
    }

    private static func info(_ function: Text, _ attributes: [RegisteredAttribute]) -> Info {
        Info(function, Value(.dataArray, .array(DataArray(.regattr, attributes.map { .attribute($0) }))))
    }

    private func functions(of level: AttributeLevel) -> [(function: Text, attributes: [RegisteredAttribute])] {
        switch level {
        case .client: AttributeTable.functions(AttributeTable.client)
        case .tool: AttributeTable.functions(AttributeTable.tool)
        case .server: AttributeTable.functions(AttributeTable.server)
        case .host: lock.withLock { registered }
        }
    }
}

/// A line per function: its name, then its attributes, each with a letter for the type of its value.
enum AttributeTable {
    static func functions(_ table: StaticString) -> [(function: Text, attributes: [RegisteredAttribute])] {
        let text = table.withUTF8Buffer { Text(Array($0)) }
        return text.split(UInt8(ascii: "\n")).map { line in
            let words = line.split(UInt8(ascii: " "))
            return (words[0], words.dropFirst().compactMap { attribute($0) })
        }
    }

    /// The type of an attribute that some function of ours heeds.
    static func type(of key: Text) -> DataType {
        let start = key + ":"
        for table in [client, tool, server] {
            let text = table.withUTF8Buffer { Text(Array($0)) }
            for line in text.split(UInt8(ascii: "\n")) {
                for word in line.split(UInt8(ascii: " ")) where word.hasPrefix(start) {
                    return word.bytes.last.map { type($0) } ?? .undefined
                }
            }
        }
        return .undefined
    }

    private static func attribute(_ word: Text) -> RegisteredAttribute? {
        guard let letter = word.bytes.last, word.count > 2 else { return nil }
        let key = Text(Array(word.bytes.dropLast(2)))
        let type = type(letter)
        return RegisteredAttribute(
            name: AttributeNames.name(of: key), string: key, type: type.rawValue,
            description: AttributeDescriptions.describing(key))
    }

    private static func type(_ letter: UInt8) -> DataType {
        switch letter {
        case UInt8(ascii: "b"): .bool
        case UInt8(ascii: "s"): .string
        case UInt8(ascii: "z"): .size
        case UInt8(ascii: "p"): .pid
        case UInt8(ascii: "i"): .int
        case UInt8(ascii: "u"): .uint32
        case UInt8(ascii: "t"): .time
        case UInt8(ascii: "P"): .proc
        case UInt8(ascii: "r"): .procRank
        case UInt8(ascii: "a"): .dataArray
        case UInt8(ascii: "x"): .pointer
        case UInt8(ascii: "R"): .dataRange
        case UInt8(ascii: "S"): .scope
        case UInt8(ascii: "e"): .persistence
        case UInt8(ascii: "v"): .envar
        case UInt8(ascii: "T"): .topology
        case UInt8(ascii: "D"): .deviceType
        default: .undefined
        }
    }

    static let client: StaticString = """
        PMIx_Init pmix.evbase:x pmix.evext:b pmix.pgm.model:s pmix.mdl.name:s pmix.mld.vrs:s pmix.threads:s
        PMIx_Finalize pmix.embed.barrier:b
        PMIx_Get pmix.timeout:i pmix.immediate:b pmix.optional:b pmix.get.refresh:b pmix.get.static:b \
        pmix.get.pntrs:b pmix.scope:S pmix.ssn.info:b pmix.job.info:b pmix.app.info:b pmix.node.info:b \
        pmix.session.id:u pmix.appnum:u pmix.hname:s pmix.nodeid:u
        PMIx_Fence pmix.collect:b pmix.timeout:i
        PMIx_Publish pmix.range:R pmix.persist:e pmix.timeout:i
        PMIx_Lookup pmix.range:R pmix.wait:i pmix.timeout:i
        PMIx_Unpublish pmix.range:R pmix.timeout:i
        PMIx_Spawn pmix.timeout:i pmix.fwd.stdout:b pmix.fwd.stderr:b pmix.fwd.stddiag:b
        PMIx_Connect pmix.timeout:i
        PMIx_Disconnect pmix.timeout:i
        PMIx_Query_info pmix.qry.rfsh:b pmix.procid:P pmix.nspace:s pmix.rank:r pmix.hname:s pmix.timeout:i \
        pmix.client.fns:b pmix.client.attrs:s pmix.tool.fns:b pmix.tool.attrs:s pmix.srvr.fns:b pmix.srvr.attrs:s \
        pmix.host.fns:b pmix.host.attrs:s
        PMIx_Log pmix.timeout:i
        PMIx_Allocation_request pmix.timeout:i
        PMIx_Job_control pmix.timeout:i pmix.reg.cleanup:s pmix.reg.cleanupdir:s pmix.clnup.recurse:b \
        pmix.clnup.empty:b pmix.clnup.ignore:s pmix.clnup.lvtop:b
        PMIx_Process_monitor pmix.timeout:i pmix.monitor.id:s pmix.monitor.cancel:s pmix.monitor.mbeat:x \
        pmix.monitor.beat:x pmix.monitor.btime:u pmix.monitor.bdrop:u pmix.monitor.fmon:s pmix.monitor.fsize:b \
        pmix.monitor.faccess:b pmix.monitor.fmod:b pmix.monitor.ftime:u pmix.monitor.fdrop:u
        PMIx_Get_credential pmix.sec.ctype:s pmix.timeout:i
        PMIx_Validate_credential pmix.sec.ctype:s pmix.timeout:i
        PMIx_Group_construct pmix.grp.actxid:b pmix.grp.ldr:b pmix.grp.opt:b pmix.grp.notterm:b pmix.grp.lcl:b \
        pmix.timeout:i
        PMIx_Group_destruct pmix.timeout:i
        PMIx_Fabric_register pmix.timeout:i
        PMIx_Compute_distances pmix.dev.type:D pmix.dev.id:s pmix.timeout:i
        PMIx_Register_event_handler pmix.evname:s pmix.evfirst:b pmix.evlast:b pmix.evfirstcat:b pmix.evlastcat:b \
        pmix.evbefore:s pmix.evafter:s pmix.evprepend:b pmix.evappend:b pmix.evrange:a pmix.evproc:P \
        pmix.evaffected:a pmix.evobject:x pmix.evone:b
        PMIx_Notify_event pmix.evnondef:b pmix.evrange:a pmix.evproc:P pmix.evaffected:a pmix.evnocache:b
        """

    static let tool: StaticString = """
        PMIx_tool_init pmix.evbase:x pmix.evext:b pmix.tool.nspace:s pmix.tool.rank:r pmix.tool.nocon:b \
        pmix.tool.launcher:b pmix.cnct.sys:b pmix.cnct.sys.first:b pmix.tcp.uri:s pmix.srvr.uri:s \
        pmix.srvr.pidinfo:p pmix.srv.nspace:s pmix.tool.attach:s pmix.tool.mretries:u pmix.tool.retry:u
        PMIx_IOF_pull pmix.timeout:i pmix.iof.csize:u pmix.iof.old:b pmix.iof.new:b pmix.iof.bsize:u pmix.iof.btime:u
        PMIx_IOF_push pmix.timeout:i
        """

    static let server: StaticString = """
        PMIx_server_init pmix.srvr.tmpdir:s pmix.sys.tmpdir:s pmix.srv.nspace:s pmix.srv.rank:r pmix.topo2:T \
        pmix.evbase:x pmix.evext:b pmix.hname:s pmix.tcp.ifinclude:s pmix.tcp.ifexclude:s pmix.tcp.ipv4:i \
        pmix.tcp.ipv6:i pmix.tcp.disipv4:b pmix.tcp.disipv6:b pmix.srvr.remote:b pmix.tcp.repuri:s pmix.srvr.sess:b \
        pmix.srvr.sys:b pmix.srvr.tool:b
        PMIx_server_finalize
        PMIx_generate_regex
        PMIx_generate_ppn
        PMIx_server_register_nspace pmix.reg.nodata:b pmix.nmap:s pmix.pmap:s pmix.ssn.arr:a pmix.job.arr:a \
        pmix.app.arr:a pmix.node.arr:a pmix.pdata:a
        PMIx_server_deregister_nspace
        PMIx_server_register_client
        PMIx_server_deregister_client
        PMIx_server_setup_fork
        PMIx_server_dmodex_request
        PMIx_server_setup_application pmix.setup.env:b pmix.setup.all:b pmix.pers:s pmix.pgm.model:s
        PMIx_server_setup_local_support
        PMIx_server_IOF_deliver
        PMIx_server_collect_inventory
        PMIx_server_deliver_inventory
        PMIx_Register_attributes
        PMIx_server_register_resources
        PMIx_server_deregister_resources
        PMIx_server_define_process_set
        PMIx_server_delete_process_set
        PMIx_server_generate_locality_string
        PMIx_server_generate_cpuset_string
        """
}
