#!/bin/bash
# The wheel flux-python, unmodified, on this library: calls, continuations, errors, the key-value store and events, against
# `muster broker` and, where FLUX_REFERENCE names an installed flux-core, against its broker.
#   FLUX_PYTHON=PYTHON   a python that has flux-python 0.88.0, cffi and PyYAML; else they are fetched once
set -u
tests=$(cd "$(dirname "$0")/.." && pwd)
build=$(realpath "$1")
. "$tests/tap.sh"
muster=${MUSTER_COMMAND:-$build/bin/muster}
program=$tests/rigs/programs/fluxpython.py
export PYTHONDONTWRITEBYTECODE=1
if [ -z "${FLUX_PYTHON:-}" ]; then
    home=$("$tests/../scripts/wheel.sh" "$build" flux-python 0.88.0 cffi PyYAML) || {
        skip 2 "flux-python 0.88.0: $home"
        done_testing
    }
    FLUX_PYTHON=$home/bin/python
fi
expected="rpc 0
attribute 1
then 1
error ENOSYS
kvs {'x': [1, 2]}
event py.test {'n': 7}"
said=$(timeout 60 "$muster" broker --quiet env "LD_LIBRARY_PATH=$build/lib" "$FLUX_PYTHON" "$program" 2>&1)
is "$said" "$expected" "flux-python runs against muster broker"
if [ -n "${FLUX_REFERENCE:-}" ]; then
    said=$(timeout 60 "$FLUX_REFERENCE/bin/flux" start --test-size=1 env "LD_LIBRARY_PATH=$build/lib" "$FLUX_PYTHON" \
        "$program" 2>&1)
    is "$said" "$expected" "flux-python runs against flux-core's broker"
else
    skip 1 "FLUX_REFERENCE names no installed flux-core"
fi
done_testing
