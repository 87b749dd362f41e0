#!/bin/bash
# `muster doctor` against what the loader really does, against a library that lacks a name, and against damaged files.
. "$(dirname "$0")/../tap.sh"
build=$1
muster=$build/bin/muster
ours=$build/lib/libpmix.so.2
cc=${CC:-cc}
cd "${MUSTER_CASE:?}" || exit 1

# doctor [VARIABLE=VALUE...] PROGRAM: $said and $status
doctor() {
    local variables=()
    while [[ $1 == *=* ]]; do
        variables+=("$1")
        shift
    done
    said=$(env -u LD_LIBRARY_PATH -u LD_PRELOAD "${variables[@]}" "$muster" doctor "$1" 2>&1)
    status=$?
}

mkdir folder
printf 'int PMIx_Initialized(void) { return 1; }\nint PMIx_Nobody_has_this(void) { return 1; }\n' >library.c
$cc -shared -fPIC -Wl,-soname,libpmix.so.2 library.c -o folder/libpmix.so
ln -s libpmix.so folder/libpmix.so.2
printf 'int PMIx_Initialized(void);\nint main(void) { return PMIx_Initialized(); }\n' >fits.c
$cc fits.c -Lfolder -lpmix -o fits
printf 'int PMIx_Nobody_has_this(void);\nint main(void) { return PMIx_Nobody_has_this(); }\n' >lacks.c
$cc lacks.c -Lfolder -lpmix -o lacks

doctor "LD_LIBRARY_PATH=$build/lib" ./fits
is "$status" 0 "a program that finds ours and all its names is healthy"
like "$said" "resolves to +$ours \(Muster [0-9.]+\)" "the doctor says which file it is and that it is Muster's"
like "$said" "asked for +1 names, 1 of them exported" "and that it has the one name asked for"
loader_says=$(LD_LIBRARY_PATH=$build/lib ldd ./fits | sed -n 's/.*libpmix\.so\.2 => \([^ ]*\).*/\1/p')
is "$loader_says" "$ours" "which is the file the loader takes"

doctor "LD_PRELOAD=$ours" ./fits
is "$status" 0 "LD_PRELOAD is honoured"
like "$said" "resolves to +$ours .*by LD_PRELOAD" "and named"

doctor "LD_LIBRARY_PATH=$build/lib" ./lacks
is "$status" 1 "a program that asks for a name we lack is not healthy"
like "$said" "missing +PMIx_Nobody_has_this" "the name is told"

doctor "LD_LIBRARY_PATH=$PWD/folder" ./fits
is "$status" 1 "a library that is not ours is not healthy"
like "$said" "resolves to +$PWD/folder/libpmix.so.2 \(not Muster's\)" "and called what it is"
like "$said" "to use ours +LD_LIBRARY_PATH=" "with what to do about it"

# shellcheck disable=SC2016 # $ORIGIN is the loader's
$cc fits.c -Lfolder -lpmix -Wl,--enable-new-dtags,-rpath,'$ORIGIN/folder' -o runpath
# shellcheck disable=SC2016
$cc fits.c -Lfolder -lpmix -Wl,--disable-new-dtags,-rpath,'$ORIGIN/folder' -o rpath
doctor "LD_LIBRARY_PATH=$build/lib" ./runpath
like "$said" "resolves to +$ours " "DT_RUNPATH comes after LD_LIBRARY_PATH"
doctor ./runpath
like "$said" "resolves to +$PWD/folder/libpmix.so.2 " "and counts without it"
doctor "LD_LIBRARY_PATH=$build/lib" ./rpath
like "$said" "resolves to +$PWD/folder/libpmix.so.2 " "DT_RPATH comes before LD_LIBRARY_PATH"

if command -v mpirun >/dev/null; then
    doctor "LD_LIBRARY_PATH=$build/lib" mpirun
    is "$status" 0 "mpirun is healthy"
    like "$said" "needed by +/.*/mca_pmix_[a-z0-9]+\.so \(a plugin" "through the plugin that Open MPI loads"
else
    skip 2 "Open MPI is not installed"
fi

doctor "$muster"
like "$said" "needs none" "a program that has nothing to do with us is told so"
doctor ./fits.c
is "$status" 1 "a file that is no program is refused"
like "$said" "not an ELF file" "with the reason"
doctor /nowhere
like "$said" "cannot read" "so is one that is not there"

# Every prefix of a program in steps, and every byte of its head and section table changed: an answer, never a crash.
size=$(stat -c %s fits)
table=$(readelf -h fits | sed -n 's/.*Start of section headers: *\([0-9]*\).*/\1/p')
crashes=0 tried=0
try() {
    "$muster" doctor ./damaged >/dev/null 2>&1
    [ $? -lt 2 ] || crashes=$((crashes + 1))
    tried=$((tried + 1))
}
for ((length = 0; length < size; length += size / 40)); do
    head -c "$length" fits >damaged
    try
done
for ((offset = 0; offset < 64; offset++)); do
    cp fits damaged
    printf '\xff' | dd of=damaged bs=1 seek="$offset" conv=notrunc status=none
    try
done
for ((offset = table; offset < size; offset += 7)); do
    cp fits damaged
    printf '\xff\xff\xff\xff' | dd of=damaged bs=1 seek="$offset" conv=notrunc status=none
    try
done
is "$crashes" 0 "none of $tried damaged files is the end of it"
done_testing
