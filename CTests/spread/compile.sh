# compile PROGRAM SOURCE FLAGS...: a program of the Spread tests, with our headers and the library in $build.
compile() {
    local program=$1 source=$2 sanitizer=
    shift 2
    [ -z "${MUSTER_SANITIZE:-}" ] || sanitizer="-fsanitize=$MUSTER_SANITIZE -fno-omit-frame-pointer -fuse-ld=lld"
    # shellcheck disable=SC2086
    ${CC:-cc} -std=gnu11 -g -O1 -Wall -Wextra -Werror -D_GNU_SOURCE $sanitizer "-I$tests" "-I$tests/../Include/spread" \
        "$source" -o "$program" "-L$build/lib" -lspread -lpthread "$@"
}
