// What the attributes that our functions heed are for, in a line each: the descriptions in answers to queries for
// PMIX_QUERY_ATTRIBUTE_SUPPORT.
import Bytes

enum AttributeDescriptions {
    /// Looked for in the table as it stands: whoever asks for all attributes asks this for each.
    static func describing(_ key: Text) -> [Text] {
        table.withUTF8Buffer { bytes in
            var start = 0
            while start < bytes.count {
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                let space = start + key.bytes.count
                if space < end, bytes[space] == UInt8(ascii: " "), isSame(bytes, start, key.bytes) {
                    return [Text(Array(bytes[(space + 1)..<end]))]
                }
                start = end + 1
            }
            return []
        }
    }

    private static func isSame(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ key: [UInt8]) -> Bool {
        for place in key.indices where bytes[start + place] != key[place] { return false }
        return true
    }

    private static let table: StaticString = """
        pmix.app.arr data of one application of the job, its number first
        pmix.app.info the question is about an application
        pmix.appnum the number of the application within its job
        pmix.client.attrs attributes of these client functions, or of all
        pmix.client.fns the names of the client functions
        pmix.clnup.empty remove a directory only if it is empty
        pmix.clnup.ignore paths that are not to be removed
        pmix.clnup.lvtop empty a directory, but leave it there
        pmix.clnup.recurse remove what directories below it hold as well
        pmix.cnct.sys connect to the server of the system and to no other
        pmix.cnct.sys.first try the server of the system before any other
        pmix.collect bring what the participants have committed to all of them
        pmix.dev.id the device by its identifier
        pmix.dev.type the types of devices that are meant
        pmix.embed.barrier fence all processes of the job first
        pmix.evaffected the processes that the event affects
        pmix.evafter put the handler behind the one of this name
        pmix.evappend put the handler behind those of its kind
        pmix.evbase the libevent base to run on
        pmix.evbefore put the handler before the one of this name
        pmix.evext the caller drives the library itself
        pmix.evfirst call the handler before any other
        pmix.evfirstcat call the handler before others of its kind
        pmix.evlast call the handler after every other
        pmix.evlastcat call the handler after others of its kind
        pmix.evname the name of the handler
        pmix.evnocache do not keep the event for those who register later
        pmix.evnondef handlers of everything are not to get the event
        pmix.evobject a pointer that the handler is given
        pmix.evone remove the handler when it has run
        pmix.evprepend put the handler before those of its kind
        pmix.evproc the process that the event affects
        pmix.evrange the processes that are to get the event
        pmix.fwd.stddiag forward the diagnostics of the processes to the caller
        pmix.fwd.stderr forward the errors of the processes to the caller
        pmix.fwd.stdout forward the output of the processes to the caller
        pmix.get.pntrs return a pointer to the value, which the library keeps
        pmix.get.refresh ask for the value anew
        pmix.get.static write the value to memory of the caller
        pmix.grp.actxid assign an identifier of the context
        pmix.grp.lcl all members are processes of this node
        pmix.grp.ldr the caller leads the group
        pmix.grp.notterm tell the members of those who end
        pmix.grp.opt go on without members that are lost
        pmix.hname the name of the node
        pmix.host.attrs attributes of these functions of the host, or of all
        pmix.host.fns the names of the functions of the host
        pmix.immediate answer from what is known on this node now
        pmix.iof.bsize so many bytes are to come together
        pmix.iof.btime output is held back for so many seconds at most
        pmix.iof.csize so many bytes of each channel are kept for a slow reader
        pmix.iof.new what is more than can be kept is dropped
        pmix.iof.old the oldest makes room for what is more than can be kept
        pmix.job.arr data of the job
        pmix.job.info the question is about the job
        pmix.mdl.name the library of the programming model
        pmix.mld.vrs the version of the library of the programming model
        pmix.monitor.bdrop so many beats may be missed
        pmix.monitor.beat send a beat
        pmix.monitor.btime the seconds between two beats
        pmix.monitor.cancel end the watch of this name, or all
        pmix.monitor.faccess watch when the file was last read
        pmix.monitor.fdrop so many looks at the file may find it as it was
        pmix.monitor.fmod watch when the file was last written
        pmix.monitor.fmon the file to watch
        pmix.monitor.fsize watch the size of the file
        pmix.monitor.ftime the seconds between two looks at the file
        pmix.monitor.id the name of the watch
        pmix.monitor.mbeat watch for beats of the process
        pmix.nmap the nodes of the job
        pmix.node.arr data of one node, its name or number first
        pmix.node.info the question is about a node
        pmix.nodeid the number of the node
        pmix.nspace the job by its namespace
        pmix.optional look no further than this process
        pmix.pdata data of one process, its rank first
        pmix.pers what the program expects of the environment
        pmix.persist how long published data are kept
        pmix.pgm.model the programming model
        pmix.pmap the ranks on each node of the job
        pmix.procid the process
        pmix.qry.rfsh do not answer from what is known already
        pmix.range who may see the data
        pmix.rank the rank of the process
        pmix.reg.cleanup files that are to be removed at the end
        pmix.reg.cleanupdir directories that are to be removed at the end
        pmix.reg.nodata only the name of the job is registered
        pmix.scope which of the data of a process are meant
        pmix.sec.ctype the types of credentials that will do
        pmix.session.id the number of the session
        pmix.setup.all prepare everything the library knows of
        pmix.setup.env prepare the environment
        pmix.srv.nspace the namespace of the server
        pmix.srv.rank the rank of the server
        pmix.srvr.attrs attributes of these server functions, or of all
        pmix.srvr.fns the names of the server functions
        pmix.srvr.pidinfo the process number of the server
        pmix.srvr.remote take connections from other nodes
        pmix.srvr.sess be the server of the session for tools
        pmix.srvr.sys be the server of the system for tools
        pmix.srvr.tmpdir the directory for what the server creates
        pmix.srvr.tool take connections of tools
        pmix.srvr.uri the address of the server
        pmix.ssn.arr data of the session, its number first
        pmix.ssn.info the question is about the session
        pmix.sys.tmpdir the directory for what the system has one of
        pmix.tcp.disipv4 do not use IPv4
        pmix.tcp.disipv6 do not use IPv6
        pmix.tcp.ifexclude interfaces or networks not to use
        pmix.tcp.ifinclude interfaces or networks to use
        pmix.tcp.ipv4 the port to listen on with IPv4
        pmix.tcp.ipv6 the port to listen on with IPv6
        pmix.tcp.repuri where to write the address of the server
        pmix.tcp.uri the address of the server
        pmix.threads the threads of the programming model
        pmix.timeout give up after so many seconds, 0 for never
        pmix.tool.attach the file with the address of the server
        pmix.tool.attrs attributes of these tool functions, or of all
        pmix.tool.fns the names of the tool functions
        pmix.tool.launcher the tool starts jobs
        pmix.tool.mretries how often to try to connect again
        pmix.tool.nocon connect to no server
        pmix.tool.nspace the namespace of the tool
        pmix.tool.rank the rank of the tool
        pmix.tool.retry the seconds between two tries
        pmix.topo2 the topology of this node
        pmix.wait wait until so many of the data are there, 0 for all
        """
}
