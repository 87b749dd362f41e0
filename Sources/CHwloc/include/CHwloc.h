// hwloc as a table of the functions we use, filled from libhwloc.so.15 by the first caller. A process that never asks for
// a topology never loads it, and one that carries another hwloc of its own sees no clash.
// The types come from the system's header, so that a wrong signature cannot compile.
#ifndef CHWLOC_H
#define CHWLOC_H

#include <hwloc.h>
#include <hwloc/distances.h>

#define CHWLOC_FUNCTIONS(X) \
    X(get_api_version) \
    X(topology_init) \
    X(topology_destroy) \
    X(topology_load) \
    X(topology_dup) \
    X(topology_set_xml) \
    X(topology_set_xmlbuffer) \
    X(topology_set_synthetic) \
    X(topology_set_flags) \
    X(topology_set_io_types_filter) \
    X(topology_export_xmlbuffer) \
    X(free_xmlbuffer) \
    X(topology_get_support) \
    X(topology_get_topology_cpuset) \
    X(topology_get_allowed_cpuset) \
    X(get_type_depth) \
    X(get_nbobjs_by_depth) \
    X(get_obj_by_depth) \
    X(bitmap_alloc) \
    X(bitmap_free) \
    X(bitmap_dup) \
    X(bitmap_set) \
    X(bitmap_isset) \
    X(bitmap_iszero) \
    X(bitmap_isequal) \
    X(bitmap_isincluded) \
    X(bitmap_intersects) \
    X(bitmap_and) \
    X(bitmap_first) \
    X(bitmap_next) \
    X(bitmap_weight) \
    X(bitmap_list_asprintf) \
    X(bitmap_asprintf) \
    X(obj_type_snprintf) \
    X(obj_attr_snprintf) \
    X(bitmap_list_sscanf) \
    X(get_cpubind) \
    X(get_proc_cpubind) \
    X(get_last_cpu_location) \
    X(set_cpubind) \
    X(distances_get) \
    X(distances_release)

#define CHWLOC_FIELD(name) __typeof__(hwloc_##name) *name;
struct chwloc {
    CHWLOC_FUNCTIONS(CHWLOC_FIELD)
};
#undef CHWLOC_FIELD

// NULL when the library is not installed or lacks one of the functions; decided once, by whichever thread asks first.
const struct chwloc *chwloc(void);

#endif
