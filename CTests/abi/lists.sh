#!/bin/bash
# Turns the tables of this folder into the C lists that layout.c includes.
#   CTests/abi/lists.sh                all of the tables
#   CTests/abi/lists.sh NAMES-FILE     only what release 4.2.2 has, of the functions those named in the file
# The tables without a suffix are what OpenPMIx 4.2.2 has on x86_64, those of the name -later what releases 5.0.11 and
# 6.1.0 add to it; both were measured there, nothing here is taken from our own headers.
set -eu
names=${1:+$(realpath "$1")}
cd "$(dirname "$0")"
rows() {
    grep -v '^#' "$1"
}

later() {
    [ -n "$names" ] || rows "$1"
}

constants() {
    awk -F'\t' '
        $3 == "string" { printf "    STRING(%s, \"%s\") \\\n", $1, $4; next }
        $3 == "int" { printf "    NUMBER(%s, \"%s\") \\\n", $1, $4; next }
        { printf "    MEMBER_OF(%s, \"%s\", \"%s\") \\\n", $1, $3, $4 }'
}

structs() {
    awk -F'\t' '
        $2 == "(sizeof)" { printf "    SIZE(%s, \"%s\") \\\n", $1, $5; scalar($1, $5); next }
        $5 == "union" { printf "    UNION(%s, %s) \\\n", $1, $2; next }
        { printf "    FIELD(%s, %s, %s) \\\n", $1, $2, $5 }
        function scalar(type, text) {
            if (text ~ /^scalar / && text !~ /(enum|\[\])$/) printf "    SAME(%s, %s) \\\n", type, substr(text, 8)
        }'
}

# The functions that are to be there; a row without arguments is data.
functions() {
    rows functions.tsv | awk -F'\t' -v file="$names" '
        BEGIN { while (file != "" && (getline name < file) > 0) has[name] = 1 }
        file == "" || $1 in has'
}

echo "// Made by lists.sh from the tables."
printf '#define CONSTANTS \\\n'
rows constants.tsv | constants
printf '\n#define LATER_CONSTANTS \\\n'
later constants-later.tsv | constants
printf '\n#define STRUCTS \\\n'
rows structs.tsv | structs
printf '\n#define LATER_STRUCTS \\\n'
later structs-later.tsv | structs
# A signature "result (arguments)" becomes the pointer to such a function.
printf '\n#define SIGNATURES \\\n'
{
    rows callbacks.tsv
    later callbacks-later.tsv
} | awk -F'\t' '{ sub(/ \(/, " (*)(", $3); printf "    CALLBACK(%s, %s) \\\n", $1, $3 }'
functions | awk -F'\t' '
    $2 !~ /\(/ { printf "    DATA(%s, %s) \\\n", $1, $2; next }
    { sub(/ \(/, " (*)(", $2); printf "    FUNCTION(%s, %s) \\\n", $1, $2 }'
echo
