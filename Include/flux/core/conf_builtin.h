// Where the parts of a Flux installation are.
#ifndef FLUX_CORE_CONF_BUILTIN_H
#define FLUX_CORE_CONF_BUILTIN_H

#ifdef __cplusplus
extern "C" {
#endif

enum flux_conf_builtin_hint {
    FLUX_CONF_INSTALLED = 0,
    FLUX_CONF_INTREE = 1,
    FLUX_CONF_AUTO = 2,
};

// The place of that name below /usr, as distributions install flux-core; static. The hint changes nothing, but that a
// source tree has no "rundir". EINVAL for NULL and for what is no name: confdir, libexecdir, datadir, lua_cpath_add,
// lua_path_add, python_path, python_wrapper, man_path, exec_path, connector_path, module_path, rc1_path, rc3_path,
// cmdhelp_pattern, pmi_library_path, shell_path, shell_pluginpath, shell_initrc, jobtap_pluginpath, upmi_pluginpath,
// no_docs_path, rundir. Any thread.
const char *flux_conf_builtin_get(const char *key, enum flux_conf_builtin_hint hint);

#ifdef __cplusplus
}
#endif

#endif
