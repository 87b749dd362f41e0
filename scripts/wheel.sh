#!/bin/bash
# A Python environment with one version of a package from PyPI, made at the first call and kept under BUILD/wheels (or
# MUSTER_WHEELS). Prints its folder; or, with status 1, why there is none.
#   scripts/wheel.sh BUILD PACKAGE VERSION [PACKAGE...]        WHEEL_SECONDS limits the fetching
set -u
[ $# -ge 3 ] || { echo "usage: scripts/wheel.sh BUILD PACKAGE VERSION [PACKAGE...]" >&2; exit 2; }
folder=${MUSTER_WHEELS:-$1/wheels}
mkdir -p "$folder" && folder=$(cd "$folder" && pwd) || exit 1
home=$folder/$2-$3
package="$2==$3"
shift 3

give_up() {
    local why
    why=$(grep -iE 'error|not' "$home.log" | tail -n 1)
    echo "$1: ${why:-it took too long}"
    rm -rf "$home"
    exit 1
}

# Rigs may ask for the same one at the same time.
exec 8>"$folder/.lock"
flock 8
if [ ! -e "$home/.complete" ]; then
    rm -rf "$home"
    # The system's, so that it does not matter whose environment this is run in.
    python=/usr/bin/python3
    [ -x "$python" ] || python=$(command -v python3) || { echo "there is no python3"; exit 1; }
    "$python" -m venv "$home" >"$home.log" 2>&1 || give_up "python3 cannot make an environment"
    timeout "${WHEEL_SECONDS:-300}" "$home/bin/python" -m pip install --disable-pip-version-check --only-binary :all: \
        "$package" "$@" >"$home.log" 2>&1 || give_up "pip cannot install $package"
    for one in "$@"; do : >"$home/.has-$one"; done
    : >"$home/.complete"
fi
# Whoever made it may have needed less.
for one in "$@"; do
    [ -e "$home/.has-$one" ] && continue
    timeout "${WHEEL_SECONDS:-300}" "$home/bin/python" -m pip install --disable-pip-version-check --only-binary :all: \
        "$one" >"$home.log" 2>&1 || {
        echo "pip cannot install $one: $(grep -iE 'error|not' "$home.log" | tail -n 1)"
        exit 1
    }
    : >"$home/.has-$one"
done
echo "$home"
