# Sourced by the scripts of this folder's tests: compiles their programs against the library under test.
#   compile SOURCE PROGRAM [MORE...]     SOURCE as seen from CTests/pmix; the result is the compiler's
# The original can stand in for the build: given /usr/lib/x86_64-linux-gnu/pmix2 as BUILD, its lib/ and include/ are used.
headers() {
    if [ -f "$1/include/pmix.h" ]; then echo "$1/include"; else echo "$tests/../Include/pmix"; fi
}

compile() {
    local source=$1 program=$2 sanitizer=
    shift 2
    if [ -n "${MUSTER_SANITIZE:-}" ]; then
        sanitizer="-fsanitize=$MUSTER_SANITIZE -fno-omit-frame-pointer -fuse-ld=lld"
    fi
    # shellcheck disable=SC2086
    ${CC:-cc} -std=gnu11 -g -O1 -Wall -Wextra -Werror -D_GNU_SOURCE $sanitizer "-I$tests" "-I$tests/pmix" \
        "-I$(headers "$build")" "$tests/pmix/$source" -o "$program" "$@"
}
