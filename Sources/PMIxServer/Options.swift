import Bytes
import PMIxWire

extension Server {
    /// What a host decides when it starts a server (the infos of PMIx_server_init and the environment, already read).
    public struct Options: Sendable {
        public var identity: Proc
        public var hostname: Text
        /// Names of the ways a peer may prove who it is, the preferred one first: `munge`, `native`, `none`.
        public var securityModules: [Text] = ["native"]
        /// Whether clients are told to use fully described buffers.
        public var isDescribed = false
        public var serverDirectory: Text = "/tmp"
        public var systemDirectory: Text = "/tmp"

        // Which contact files there are.
        public var supportsTools = false
        public var supportsSystem = false
        public var supportsSession = false
        public var launcherRendezvousFile: Text?
        /// `-` standard output, `+` standard error, a number that descriptor, else a file.
        public var reportURI: Text?

        // Where to listen.
        public var allowsRemote = false
        public var usesIPv4 = true
        public var usesIPv6 = false
        public var portIPv4: UInt16 = 0
        public var portIPv6: UInt16 = 0
        /// Interface names or address/prefix-length; at most one of the two lists.
        public var includedInterfaces: [Text] = []
        public var excludedInterfaces: [Text] = []

        /// The release clients are told of.
        public var version: Text = Release.oursText
        public var maxEvents = 512
        public var eventSeconds: UInt64 = 120
        public var maxCachedOutput = 1 << 20
        /// Whether what jobs write is written on this process's own streams, for jobs that do not say.
        public var writesOutput = false
        /// Whether the machine's one system log is written here.
        public var isGateway = false
        public var uid: UInt32
        public var gid: UInt32

        public init(identity: Proc, hostname: Text, uid: UInt32, gid: UInt32) {
            self.identity = identity
            self.hostname = hostname
            self.uid = uid
            self.gid = gid
        }
    }
}
