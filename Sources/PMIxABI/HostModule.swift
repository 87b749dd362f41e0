// A host's module of C functions as the closures the server knows. What an upcall lends stays until the host completes it,
// or, when it will not, until it has returned.
import Bytes
import CLibc
import CPMIx
import PMIxServer
import PMIxWire

extension Host {
    init(_ module: pmix_server_module_t) {
        self.init()
        setClientCalls(module)
        setDataCalls(module)
        setJobCalls(module)
        setEventCalls(module)
        setServiceCalls(module)
        setCredentialCalls(module)
        setOutputCalls(module)
    }

    private mutating func setClientCalls(_ module: pmix_server_module_t) {
        if let connected = module.client_connected2 {
            clientConnected = { proc, object, infos, finish in
                connection(finish) { loans, cbfunc, token in
                    let (array, count) = loans.lend(infos)
                    return connected(loans.lend(proc), pointer(object), array, count, cbfunc, token)
                }
            }
        } else if let connected = module.client_connected {
            clientConnected = { proc, object, _, finish in
                connection(finish) { loans, cbfunc, token in connected(loans.lend(proc), pointer(object), cbfunc, token)
                }
            }
        }
        if let finalized = module.client_finalized {
            clientFinalized = { proc, object, finish in
                upcall(Completions.op, finish) { loans, token in
                    finalized(loans.lend(proc), pointer(object), Completions.opDone, token)
                }
            }
        }
        if let abort = module.abort {
            self.abort = { proc, object, status, message, targets, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (array, count) = loans.lend(targets)
                    return abort(
                        loans.lend(proc), pointer(object), status.rawValue, loans.lend(message), array, count,
                        Completions.opDone, token)
                }
            }
        }
    }

    private mutating func setDataCalls(_ module: pmix_server_module_t) {
        if let fence = module.fence_nb {
            self.fence = { procs, infos, data, finish in
                upcall(Completions.modex, finish) { loans, token in
                    let (names, nameCount) = loans.lend(procs)
                    let (array, count) = loans.lend(infos)
                    // The block is the host's to free.
                    return fence(
                        names, nameCount, array, count, data.newBlock(), data.count, Completions.modexDone, token)
                }
            }
        }
        if let modex = module.direct_modex {
            directModex = { proc, infos, finish in
                upcall(Completions.modex, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return modex(loans.lend(proc), array, count, Completions.modexDone, token)
                }
            }
        }
        if let publish = module.publish {
            self.publish = { proc, infos, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return publish(loans.lend(proc), array, count, Completions.opDone, token)
                }
            }
        }
        if let lookup = module.lookup {
            self.lookup = { proc, keys, infos, finish in
                upcall(Completions.lookup, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return lookup(loans.lend(proc), loans.lend(argv: keys), array, count, Completions.lookupDone, token)
                }
            }
        }
        if let unpublish = module.unpublish {
            self.unpublish = { proc, keys, infos, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return unpublish(loans.lend(proc), loans.lend(argv: keys), array, count, Completions.opDone, token)
                }
            }
        }
    }

    private mutating func setJobCalls(_ module: pmix_server_module_t) {
        if let spawn = module.spawn {
            self.spawn = { proc, infos, apps, finish in
                upcall(Completions.spawn, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    let (programs, programCount) = loans.lend(apps)
                    return spawn(
                        loans.lend(proc), array, count, programs, programCount, Completions.spawnDone, token)
                }
            }
        }
        if let connect = module.connect {
            self.connect = { procs, infos, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (names, nameCount) = loans.lend(procs)
                    let (array, count) = loans.lend(infos)
                    return connect(names, nameCount, array, count, Completions.opDone, token)
                }
            }
        }
        if let disconnect = module.disconnect {
            self.disconnect = { procs, infos, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (names, nameCount) = loans.lend(procs)
                    let (array, count) = loans.lend(infos)
                    return disconnect(names, nameCount, array, count, Completions.opDone, token)
                }
            }
        }
    }

    private mutating func setEventCalls(_ module: pmix_server_module_t) {
        if let register = module.register_events {
            registerEvents = { codes, infos, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return register(loans.lend(codes), codes.count, array, count, Completions.opDone, token)
                }
            }
        }
        if let deregister = module.deregister_events {
            deregisterEvents = { codes, finish in
                upcall(Completions.op, finish) { loans, token in
                    deregister(loans.lend(codes), codes.count, Completions.opDone, token)
                }
            }
        }
        if let notify = module.notify_event {
            notifyEvent = { event, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (array, count) = loans.lend(event.infos)
                    return notify(
                        event.status.rawValue, loans.lend(event.source), event.range.rawValue, array, count,
                        Completions.opDone, token)
                }
            }
        }
    }

    private mutating func setServiceCalls(_ module: pmix_server_module_t) {
        if let query = module.query {
            self.query = { proc, queries, finish in
                upcall(Completions.infos, finish) { loans, token in
                    let (array, count) = loans.lend(queries)
                    return query(loans.lend(proc), array, count, Completions.infosDone, token)
                }
            }
        }
        if let log = module.log {
            self.log = { proc, data, directives, finish in
                _ = upcall(Completions.op, finish) { loans, token in
                    let (array, count) = loans.lend(data)
                    let (orders, orderCount) = loans.lend(directives)
                    log(loans.lend(proc), array, count, orders, orderCount, Completions.opDone, token)
                    return PMIX_SUCCESS
                }
            }
        }
        if let allocate = module.allocate {
            self.allocate = { proc, directive, infos, finish in
                upcall(Completions.infos, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return allocate(loans.lend(proc), directive, array, count, Completions.infosDone, token)
                }
            }
        }
        if let control = module.job_control {
            jobControl = { proc, targets, infos, finish in
                upcall(Completions.infos, finish) { loans, token in
                    let (names, nameCount) = loans.lend(targets)
                    let (array, count) = loans.lend(infos)
                    return control(
                        loans.lend(proc), names, nameCount, array, count, Completions.infosDone, token)
                }
            }
        }
        if let monitor = module.monitor {
            self.monitor = { proc, what, alert, infos, finish in
                upcall(Completions.infos, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return monitor(
                        loans.lend(proc), loans.lend([what]).0, alert.rawValue, array, count, Completions.infosDone,
                        token)
                }
            }
        }
    }

    private mutating func setCredentialCalls(_ module: pmix_server_module_t) {
        if let get = module.get_credential {
            getCredential = { proc, infos, finish in
                upcall(Completions.credential, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return get(loans.lend(proc), array, count, Completions.credentialDone, token)
                }
            }
        }
        if let validate = module.validate_credential {
            validateCredential = { proc, credential, infos, finish in
                upcall(Completions.infos, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return validate(
                        loans.lend(proc), loans.lend(object: credential), array, count, Completions.validationDone,
                        token)
                }
            }
        }
        if let connected = module.tool_connected {
            toolConnected = { infos, finish in
                _ = upcall(Completions.tool, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    connected(array, count, Completions.toolDone, token)
                    return PMIX_SUCCESS
                }
            }
        }
    }

    private mutating func setOutputCalls(_ module: pmix_server_module_t) {
        if let pull = module.iof_pull {
            pullOutput = { procs, infos, channels, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (names, nameCount) = loans.lend(procs)
                    let (array, count) = loans.lend(infos)
                    return pull(names, nameCount, array, count, channels, Completions.opDone, token)
                }
            }
        }
        if let push = module.push_stdin {
            pushInput = { proc, targets, infos, bytes, finish in
                upcall(Completions.op, finish) { loans, token in
                    let (names, nameCount) = loans.lend(targets)
                    let (array, count) = loans.lend(infos)
                    return push(
                        loans.lend(proc), names, nameCount, array, count, loans.lend(object: bytes),
                        Completions.opDone, token)
                }
            }
        }
        if let group = module.group {
            self.group = { destructs, name, procs, infos, finish in
                upcall(Completions.infos, finish) { loans, token in
                    let (names, nameCount) = loans.lend(procs)
                    let (array, count) = loans.lend(infos)
                    return group(
                        destructs ? PMIX_GROUP_DESTRUCT : PMIX_GROUP_CONSTRUCT, loans.lend(name), names, nameCount,
                        array, count, Completions.infosDone, token)
                }
            }
        }
        if let fabric = module.fabric {
            self.fabric = { proc, updates, infos, finish in
                upcall(Completions.infos, finish) { loans, token in
                    let (array, count) = loans.lend(infos)
                    return fabric(
                        loans.lend(proc), updates ? PMIX_FABRIC_UPDATE_INFO : PMIX_FABRIC_REQUEST_INFO, array, count,
                        Completions.infosDone, token)
                }
            }
        }
    }
}

private func pointer(_ object: Host.Object) -> UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: object)
}

/// The connection upcall's callback is NULL where nobody waits for the answer: hosts tell the two apart by that.
private func connection(
    _ finish: Host.Done?, _ call: (Loans, pmix_op_cbfunc_t?, UnsafeMutableRawPointer?) -> pmix_status_t
) -> Status {
    guard let finish else {
        let loans = Loans()
        return withExtendedLifetime(loans) { Status(rawValue: call(loans, nil, nil)) }
    }
    return upcall(Completions.op, finish) { loans, token in call(loans, Completions.opDone, token) }
}
