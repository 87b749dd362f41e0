import Bytes
import CFlux
import CJansson
import CLibc
import Flux
import FluxC
import JSON
import Sockets

/// A program's function and what it is called with.
private final class CallHandler: PluginHandler {
    let function: flux_plugin_f
    let data: UnsafeMutableRawPointer?

    init(_ function: @escaping flux_plugin_f, _ data: UnsafeMutableRawPointer?) {
        self.function = function
        self.data = data
    }
}

/// The plugin behind a pointer; what failed before is forgotten.
private func plugin(_ pointer: OpaquePointer?) throws(Errno) -> Plugin {
    guard let plugin: Plugin = borrow(pointer) else { throw .invalid }
    plugin.failure = Slice("")
    return plugin
}

/// 0, or -1 with errno and a text, its own or errno's.
private func pluginStatus(_ p: OpaquePointer?, _ body: (Plugin) throws(Errno) -> Void) -> Int32 {
    status { () throws(Errno) in
        let plugin = try plugin(p)
        do throws(Errno) {
            try body(plugin)
        } catch {
            if plugin.failure.count == 0 { throw plugin.fail(error.code, error.text) }
            throw error
        }
    }
}

@c @implementation
public func flux_plugin_create() -> OpaquePointer? {
    retain(Plugin())
}

@c @implementation
public func flux_plugin_destroy(_ p: OpaquePointer?) {
    keepingErrno { release(p, as: Plugin.self)?.tearDown() }
}

@c @implementation
public func flux_plugin_get_flags(_ p: OpaquePointer?) -> Int32 {
    borrow(p, as: Plugin.self)?.flags ?? 0
}

@c @implementation
public func flux_plugin_set_flags(_ p: OpaquePointer?, _ flags: Int32) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in try plugin.setFlags(flags) }
}

@c @implementation
public func flux_plugin_strerror(_ p: OpaquePointer?) -> UnsafePointer<CChar>? {
    guard let plugin: Plugin = borrow(p) else { return UnsafePointer(strerror(clibc_errno())) }
    return lent(plugin.failure)
}

@c @implementation
public func flux_plugin_set_name(_ p: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in plugin.setName(try given(name)) }
}

@c @implementation
public func flux_plugin_get_name(_ p: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try plugin(p).name) }
}

@c @implementation
public func flux_plugin_get_uuid(_ p: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try plugin(p).uuid) }
}

@c @implementation
public func flux_plugin_get_path(_ p: OpaquePointer?) -> UnsafePointer<CChar>? {
    lent(borrow(p, as: Plugin.self)?.path)
}

// MARK: Handlers

@c @implementation
public func flux_plugin_add_handler(
    _ p: OpaquePointer?, _ topic: UnsafePointer<CChar>?, _ cb: flux_plugin_f?, _ arg: UnsafeMutableRawPointer?
) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in
        let topic = try given(topic)
        if let cb { plugin.add(topic, CallHandler(cb, arg)) } else { plugin.remove(topic) }
    }
}

@c @implementation
public func flux_plugin_remove_handler(_ p: OpaquePointer?, _ topic: UnsafePointer<CChar>?) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in plugin.remove(try given(topic)) }
}

@c @implementation
public func flux_plugin_get_handler(_ p: OpaquePointer?, _ topic: UnsafePointer<CChar>?) -> flux_plugin_f? {
    pointer { () throws(Errno) in (try plugin(p).handler(of: given(topic)) as? CallHandler)?.function }
}

@c @implementation
public func flux_plugin_match_handler(_ p: OpaquePointer?, _ topic: UnsafePointer<CChar>?) -> flux_plugin_f? {
    pointer { () throws(Errno) in (try plugin(p).handler(for: given(topic)) as? CallHandler)?.function }
}

@c @implementation
public func flux_plugin_register(
    _ p: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ t: UnsafePointer<flux_plugin_handler>?
) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in
        guard var next = t else { throw .invalid }
        if let name = bytes(name) { plugin.setName(name) }
        while let topic = bytes(next.pointee.topic) {
            if let function = next.pointee.cb {
                plugin.add(topic, CallHandler(function, next.pointee.data))
            } else {
                plugin.remove(topic)
            }
            next += 1
        }
    }
}

@c @implementation
public func flux_plugin_call(_ p: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ args: OpaquePointer?) -> Int32 {
    number { () throws(Errno) in
        let plugin = try plugin(p)
        guard let name else { throw plugin.fail(EINVAL, Errno.invalid.text) }
        guard let handler = plugin.handler(for: try given(name)) as? CallHandler else { return 0 }
        return handler.function(p, name, args, handler.data) < 0 ? -1 : 1
    }
}

@c @implementation
public func flux_plugin_load_dso(_ p: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in
        try plugin.load(given(path)) { function in
            // Safety: a shared object that exports this name means this function.
            unsafeBitCast(function, to: flux_plugin_init_f.self)(p) >= 0
        }
    }
}

// MARK: What hangs on it, and its configuration

@c @implementation
public func flux_plugin_aux_set(
    _ p: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ val: UnsafeMutableRawPointer?, _ free_fn: flux_free_f?
) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in
        try plugin.aux.set(bytes(key).map { Text($0) }, val, free: freeing(free_fn))
    }
}

@c @implementation
public func flux_plugin_aux_get(_ p: OpaquePointer?, _ key: UnsafePointer<CChar>?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in try plugin(p).aux.value(Text(given(key))) }
}

@c @implementation
public func flux_plugin_aux_delete_value(_ p: OpaquePointer?, _ val: UnsafeRawPointer?) {
    guard let val else { return }
    borrow(p, as: Plugin.self)?.aux.remove(UnsafeMutableRawPointer(mutating: val))
}

@c @implementation
public func flux_plugin_aux_delete(_ p: OpaquePointer?, _ val: UnsafeRawPointer?) {
    flux_plugin_aux_delete_value(p, val)
}

@c @implementation
public func flux_plugin_set_conf(_ p: OpaquePointer?, _ json_str: UnsafePointer<CChar>?) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in try plugin.configure(given(json_str)) }
}

@c @implementation
public func flux_plugin_get_conf(_ p: OpaquePointer?) -> UnsafePointer<CChar>? {
    pointer { () throws(Errno) in lent(try plugin(p).configurationAsText()) }
}

/// What flux_plugin_conf_unpack reads: the plugin's.
@c @implementation
public func muster_plugin_conf(_ p: OpaquePointer?) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        let plugin = try plugin(p)
        guard let configuration = plugin.configuration else { throw plugin.fail(ENOENT, "No plugin conf set") }
        return UnsafeMutableRawPointer(configuration.value)
    }
}

@c @implementation
public func muster_plugin_fail(_ p: OpaquePointer?, _ failure: UnsafePointer<CChar>?) -> Int32 {
    pluginStatus(p) { (plugin) throws(Errno) in
        guard let failure = bytes(failure) else { throw .invalid }
        throw plugin.fail(EINVAL, "unpack error: " + String(decoding: failure, as: UTF8.self))
    }
}

// MARK: Arguments

private func arguments(_ pointer: OpaquePointer?) throws(Errno) -> PluginArguments {
    guard let arguments: PluginArguments = borrow(pointer) else { throw .invalid }
    arguments.failure = Slice("")
    return arguments
}

private func isOutput(_ flags: Int32) -> Bool { flags & Int32(FLUX_PLUGIN_ARG_OUT) != 0 }
private func isReplacing(_ flags: Int32) -> Bool { flags & Int32(FLUX_PLUGIN_ARG_REPLACE) != 0 }

@c @implementation
public func flux_plugin_arg_create() -> OpaquePointer? {
    retain(PluginArguments())
}

@c @implementation
public func flux_plugin_arg_destroy(_ args: OpaquePointer?) {
    keepingErrno { release(args, as: PluginArguments.self) }
}

@c @implementation
public func flux_plugin_arg_strerror(_ args: OpaquePointer?) -> UnsafePointer<CChar>? {
    guard let arguments: PluginArguments = borrow(args) else { return UnsafePointer(strerror(clibc_errno())) }
    return lent(arguments.failure)
}

@c @implementation
public func flux_plugin_arg_set(_ args: OpaquePointer?, _ flags: Int32, _ json_str: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in
        let arguments = try arguments(args)
        var value: JSON?
        if let text = bytes(json_str) {
            var problem = JSON.Problem()
            value = JSON(document: text, problem: &problem)
            if value == nil { throw arguments.fail(EINVAL, problem.text) }
        }
        try arguments.set(value, isOutput: isOutput(flags), replacing: isReplacing(flags))
    }
}

@c @implementation
public func flux_plugin_arg_get(
    _ args: OpaquePointer?, _ flags: Int32, _ json_str: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
    status { () throws(Errno) in
        let arguments = try arguments(args)
        guard let json_str else { throw arguments.fail(EINVAL, Errno.invalid.text) }
        guard let value = arguments.value(isOutput: isOutput(flags)) else {
            throw arguments.fail(ENOENT, "No args currently set")
        }
        json_str.pointee = try allocated(value.text())
    }
}

/// What flux_plugin_arg_pack has packed, or why it has not.
@c @implementation
public func muster_plugin_arg_take(
    _ args: OpaquePointer?, _ flags: Int32, _ json: UnsafeMutableRawPointer?, _ failure: UnsafePointer<CChar>?
) -> Int32 {
    status { () throws(Errno) in
        let packed = json.map { JSON(adopting: $0.assumingMemoryBound(to: json_t.self)) }
        let arguments = try arguments(args)
        guard let packed else {
            throw arguments.fail(EINVAL, String(decoding: bytes(failure) ?? [], as: UTF8.self))
        }
        try arguments.set(packed, isOutput: isOutput(flags), replacing: isReplacing(flags))
    }
}

@c @implementation
public func muster_plugin_arg_value(_ args: OpaquePointer?, _ flags: Int32) -> UnsafeMutableRawPointer? {
    pointer { () throws(Errno) in
        try arguments(args).value(isOutput: isOutput(flags)).map { UnsafeMutableRawPointer($0.value) }
    }
}

@c @implementation
public func muster_plugin_arg_fail(_ args: OpaquePointer?, _ failure: UnsafePointer<CChar>?) -> Int32 {
    status { () throws(Errno) in
        throw try arguments(args).fail(EINVAL, String(decoding: bytes(failure) ?? [], as: UTF8.self))
    }
}
