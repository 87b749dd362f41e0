#!/bin/bash
# The services of a host under the installed mpirun: the same program, with our library everywhere and with the original's
# everywhere, says the same; what it registered for removal is gone either way.
. "$(dirname "$0")/../tap.sh"
if ! command -v mpirun >/dev/null; then
    skip 1 "Open MPI is not installed"
    done_testing
fi
. "$(dirname "$0")/job.sh"
build=$(realpath "$1")
original=${MUSTER_ORIGINAL_ROOT:-/usr/lib/$(uname -m)-linux-gnu/pmix2}
export PMIX_MCA_gds=hash

compile_services() {
    ${CC:-cc} -std=gnu11 -O1 -Wall -Wextra -D_GNU_SOURCE -I"$rigs/../../Include/pmix" "$rigs/programs/services.c" \
        -o "$case_folder/services" -L"$build/lib" -lpmix -lpthread
}

# says LIBRARY-FOLDER: what a job of two ranks prints, with this library in it.
says() {
    mkdir -p "$case_folder/tmp"
    env TMPDIR="$case_folder/tmp" LD_LIBRARY_PATH="$1" timeout 100 "$mpirun" -n 2 "$case_folder/services" \
        "$case_folder/left" /bin/true 2>&1 </dev/null | sort
}

compile_services
ok $? "the program is compiled"
ours=$(says "$build/lib")
is "$(grep -c 'finalize: .*SUCCESS' <<<"$ours")" 2 "with our library both ranks come to their end"
is "$(ls "$case_folder"/left.* 2>/dev/null)" "" "JCTRL-3 what they registered for removal is gone"
is "$(grep -c 'found "a value"' <<<"$ours")" 2 "PUB LOOKUP both find what was published"
if [ -e "$original/lib/libpmix.so.2" ]; then
    theirs=$(says "$original/lib")
    is "$ours" "$theirs" "every answer is the original's"
    is "$(ls "$case_folder"/left.* 2>/dev/null)" "" "and there, too, it is gone"
else
    skip 2 "the original's library is not installed"
fi
done_testing
