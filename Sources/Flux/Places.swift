// Where the parts of a Flux installation are, below /usr as distributions have it.

public enum Places {
    public static let rundir = Array("rundir".utf8)

    private static let all: [(StaticString, StaticString)] = [
        ("confdir", "/etc/flux"),
        ("libexecdir", "/usr/libexec/flux"),
        ("datadir", "/usr/share/flux"),
        ("lua_cpath_add", "/usr/lib/lua/5.3/?.so"),
        ("lua_path_add", "/usr/share/lua/5.3/?.lua"),
        ("python_path", "/usr/lib/flux/python3"),
        ("python_wrapper", "/usr/libexec/flux/cmd/py-runner.py"),
        ("man_path", "/usr/share/man"),
        ("exec_path", "/usr/libexec/flux/cmd"),
        ("connector_path", "/usr/lib/flux/connectors"),
        ("module_path", "/usr/lib/flux/modules"),
        ("rc1_path", "flux modprobe rc1"),
        ("rc3_path", "flux modprobe rc3"),
        ("cmdhelp_pattern", "/usr/share/flux/help.d/*.json"),
        ("pmi_library_path", "/usr/lib/flux/libpmi.so"),
        ("shell_path", "/usr/libexec/flux/flux-shell"),
        ("shell_pluginpath", "/usr/lib/flux/shell/plugins"),
        ("shell_initrc", "/etc/flux/shell/initrc.lua"),
        ("jobtap_pluginpath", "/usr/lib/flux/job-manager/plugins"),
        ("upmi_pluginpath", "/usr/lib/flux/upmi/plugins"),
        ("no_docs_path", "/usr/share/flux/.nodocs"),
        ("rundir", "/run/flux"),
    ]

    /// nil for what is no place of an installation.
    public static func named(_ name: [UInt8]) -> StaticString? {
        for (known, place) in all where known.withUTF8Buffer({ $0.elementsEqual(name) }) { return place }
        return nil
    }
}
