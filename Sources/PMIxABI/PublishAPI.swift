import Bytes
import CPMIx
import PMIxClient
import PMIxWire

@c @implementation
public func PMIx_Publish(_ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int) -> pmix_status_t {
    withClient { (client) throws(Status) in
        try client.perform(try publication(client, info, ninfo))
    }
}

@c @implementation
public func PMIx_Publish_nb(
    _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int, _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let exchange = try publication(client, info, ninfo)
        guard client.isConnected else { throw .unreachable }
        client.begin(exchange, doneVoid(cbfunc, cbdata))
    }
}

private func publication(
    _ client: Client, _ info: UnsafePointer<pmix_info_t>?, _ ninfo: Int
) throws(Status) -> Exchange<Void> {
    guard info != nil, ninfo > 0 else { throw .badParameter }
    return client.publish(try [Info](copying: info, count: ninfo))
}

@c @implementation
public func PMIx_Lookup(
    _ data: UnsafeMutablePointer<pmix_pdata_t>!, _ ndata: Int, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        guard data != nil, ndata > 0 else { throw .badParameter }
        let keys = Key.wanted(by: data, count: ndata)
        let infos = try [Info](copying: info, count: ninfo)
        let found = try client.perform(client.lookup(keys, infos))
        found.answer(data, count: ndata)
    }
}

@c @implementation
public func PMIx_Lookup_nb(
    _ keys: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_lookup_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let names = [Text](argv: keys)
        guard !names.isEmpty, let cbfunc else { throw .badParameter }
        let infos = try [Info](copying: info, count: ninfo)
        guard client.isConnected else { throw .unreachable }
        client.begin(client.lookup(names, infos)) { result in
            switch result {
            case .success(let found):
                let (array, count) = found.newCArray()
                cbfunc(PMIX_SUCCESS, array, count, cbdata)
                freePublished(array, count)
            case .failure(let reason): cbfunc(reason.rawValue, nil, 0, cbdata)
            }
        }
    }
}

@c @implementation
public func PMIx_Unpublish(
    _ keys: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let infos = try [Info](copying: info, count: ninfo)
        try client.perform(client.unpublish([Text](argv: keys), infos))
    }
}

@c @implementation
public func PMIx_Unpublish_nb(
    _ keys: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>!, _ info: UnsafePointer<pmix_info_t>!, _ ninfo: Int,
    _ cbfunc: pmix_op_cbfunc_t!, _ cbdata: UnsafeMutableRawPointer!
) -> pmix_status_t {
    withClient { (client) throws(Status) in
        let infos = try [Info](copying: info, count: ninfo)
        guard client.isConnected else { throw .unreachable }
        client.begin(client.unpublish([Text](argv: keys), infos), doneVoid(cbfunc, cbdata))
    }
}

extension Key {
    /// The keys a lookup's array asks for.
    fileprivate static func wanted(by data: UnsafeMutablePointer<pmix_pdata_t>, count: Int) -> [Key] {
        (0..<max(count, 0)).map { index in
            Text(field: UnsafeRawPointer(data + index) + Fields.publishedKey, most: Fields.keyMost)
        }
    }
}
