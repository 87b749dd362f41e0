import PMIxWire

/// Attribute names only a host acts on. Values: PMIx Standard, appendix of attributes.
extension Key {
    static let parentID: Key = "pmix.parent"
    static let spawned: Key = "pmix.spawned"
    static let appCount: Key = "pmix.job.napps"
    static let appSize: Key = "pmix.app.size"
    static let appLeader: Key = "pmix.aldr"
    static let appRank: Key = "pmix.apprank"
    static let appArguments: Key = "pmix.app.argv"
    static let rankOffset: Key = "pmix.offset"
    static let workingDirectory: Key = "pmix.wdir"
    static let temporaryDirectory: Key = "pmix.tmpdir"
    static let namespaceDirectory: Key = "pmix.nsdir"
    static let processDirectory: Key = "pmix.pdir"
    static let managerRemovesDirectories: Key = "pmix.tdir.rmclean"
    static let processorSet: Key = "pmix.cpuset"
    static let localityString: Key = "pmix.locstr"
    static let mapping: Key = "pmix.mapby"
    static let ranking: Key = "pmix.rankby"
    static let binding: Key = "pmix.bindto"
    static let reincarnation: Key = "pmix.reinc"
    static let isOversubscribed: Key = "pmix.ndosub"
    static let managerName: Key = "pmix.rm.name"
    static let managerVersion: Key = "pmix.rm.version"
    static let exitCode: Key = "pmix.exit.code"
    static let jobTermination: Key = "pmix.job.term.status"
    static let processTermination: Key = "pmix.proc.term.status"

    // spawning
    static let inputTarget: Key = "pmix.stdin"
    static let forwardInput: Key = "pmix.fwd.stdin"
    static let forwardOutput: Key = "pmix.fwd.stdout"
    static let forwardErrors: Key = "pmix.fwd.stderr"
    static let notifyCompletion: Key = "pmix.notecomp"
    static let indexArguments: Key = "pmix.indxargv"
    static let hosts: Key = "pmix.host"
    static let setVariable: Key = "pmix.envar.set"
    static let addVariable: Key = "pmix.envar.add"
    static let unsetVariable: Key = "pmix.envar.unset"
    static let prependVariable: Key = "pmix.envar.prepnd"
    static let appendVariable: Key = "pmix.envar.appnd"
    static let processSetName: Key = "pmix.pset.nm"
    static let tagOutput: Key = "pmix.tagout"
    static let tagForwarded: Key = "pmix.iof.tag"
    static let outputDirectory: Key = "pmix.outdir"
    static let forwardedDirectory: Key = "pmix.iof.dir"
    static let childSeparate: Key = "pmix.spchildsep"

    // groups
    static let assignContextID: Key = "pmix.grp.actxid"
    static let contextID: Key = "pmix.grp.ctxid"
    static let groupMembers: Key = "pmix.grp.mbrs"

    // control
    static let controlPause: Key = "pmix.jctrl.pause"
    static let controlResume: Key = "pmix.jctrl.resume"
    static let controlKill: Key = "pmix.jctrl.kill"
    static let controlSignal: Key = "pmix.jctrl.sig"
    static let controlTerminate: Key = "pmix.jctrl.term"
    static let controlCancel: Key = "pmix.jctrl.cancel"

    // output
    static let outputStop: Key = "pmix.iof.stop"
    static let logOutput: Key = "pmix.log.stdout"
    static let logErrors: Key = "pmix.log.stderr"
    static let logSystem: Key = "pmix.log.syslog"
    static let logLocalSystem: Key = "pmix.log.lsys"
    static let logGlobalSystem: Key = "pmix.log.gsys"
    static let logPriority: Key = "pmix.log.syspri"

    // queries
    static let queryKeys: Key = "pmix.qry.keys"
    static let queryNamespaces: Key = "pmix.qry.ns"
    static let queryNamespaceInfo: Key = "pmix.qry.nsinfo"
    static let queryJobStatus: Key = "pmix.qry.jst"
    static let queryProcTable: Key = "pmix.qry.ptable"
    static let queryLocalProcTable: Key = "pmix.qry.lptable"
    static let querySpawnSupport: Key = "pmix.qry.spawn"
    static let queryDebugSupport: Key = "pmix.qry.debug"
    static let querySetCount: Key = "pmix.qry.psetnum"
    static let querySetNames: Key = "pmix.qry.psets"
    static let querySetMembers: Key = "pmix.qry.pmems"
    static let queryGroupCount: Key = "pmix.qry.pgrpnum"
    static let queryGroupNames: Key = "pmix.qry.pgrp"
    static let queryGroupMembers: Key = "pmix.qry.pgrpmems"
    static let timeRemaining: Key = "pmix.time.remaining"
    static let groupName: Key = "pmix.grp.id"
}

extension Status {
    static let debuggerRelease = Status(rawValue: -3)
    static let jobTerminated = Status(rawValue: -145)
    static let queryPartialSuccess = Status(rawValue: -104)
    static let jobNotExecutable = Status(rawValue: -177)
    static let jobNoProgram = Status(rawValue: -178)
    static let jobFailedToLaunch = Status(rawValue: -181)
    static let jobAborted = Status(rawValue: -182)
    static let jobKilledByCommand = Status(rawValue: -183)
    static let jobAbortedBySignal = Status(rawValue: -184)
    static let jobEndedWithoutSync = Status(rawValue: -185)
    static let jobEndedNonZero = Status(rawValue: -187)
    static let jobProgramNotFound = Status(rawValue: -190)
    static let processTerminated = Status(rawValue: -201)
    static let noDirectory = Status(rawValue: -233)
}
