#!/bin/bash
# The order of the library's functions, for the linker: what every client runs first and together, what only servers, tools and
# rare types need last. The kernel maps code in windows of 64 KiB, so a client then has half as much of it resident.
#   scripts/symbol-order.sh OBJECTS-FOLDER
set -eu
rare='PMIxServer|PMIx_server|PMIx_tool|_module_4|NodeMap|ModexBlob|Deflate|ServerSearch|ContactFile|AttributeNames|ErrorNames'
rare+='|B5TraceC|TraceLine|TraceO[35]|ardware|Stats|Topology|CPUSet|Locality|Distance|Geometry|Decimal'
{
    # The start files' own code, which every load runs, is one section under this name.
    echo deregister_tm_clones
    # What a profiled rank ran, the rest of what is not rare, then all else: so what has no name comes last, and together.
    grep -v '^#' "$(dirname "$0")/rank.order"
    for module in Sockets Reactor Bytes PMIxWire PMIxClient PMIxABI; do
        nm --defined-only "$1/$module.build"/*.o | awk '$2 ~ /^[tTwWvVuU]$/ { print $3 }' | grep -vE "$rare"
    done
    nm --defined-only "$1"/*.build/*.o | awk '$2 ~ /^[tTwWvVuU]$/ { print $3 }'
} | awk '!seen[$0]++'
