#!/bin/bash
# Turns the tables of this folder into the C lists that layout.c includes: CTests/abi/lists.sh >lists.h
# The tables are what OpenPMIx 4.2.2 has on x86_64, measured there; nothing here is taken from our own headers.
set -eu
cd "$(dirname "$0")"
rows() {
    grep -v '^#' "$1"
}
echo "// Made by lists.sh from the tables."
echo "#define CONSTANTS \\"
rows constants.tsv | awk -F'\t' '
    $3 == "string" { printf "    STRING(%s, \"%s\") \\\n", $1, $4; next }
    $3 == "int" { printf "    NUMBER(%s, \"%s\") \\\n", $1, $4; next }
    { printf "    MEMBER_OF(%s, \"%s\", \"%s\") \\\n", $1, $3, $4 }'
printf '\n#define STRUCTS \\\n'
rows structs.tsv | awk -F'\t' '
    $2 == "(sizeof)" { printf "    SIZE(%s, \"%s\") \\\n", $1, $5; scalar($1, $5); next }
    $5 == "union" { printf "    UNION(%s, %s) \\\n", $1, $2; next }
    { printf "    FIELD(%s, %s, %s) \\\n", $1, $2, $5 }
    function scalar(type, text) {
        if (text ~ /^scalar / && text !~ /(enum|\[\])$/) printf "    SAME(%s, %s) \\\n", type, substr(text, 8)
    }'
# A signature "result (arguments)" becomes the pointer to such a function.
printf '\n#define SIGNATURES \\\n'
rows callbacks.tsv | awk -F'\t' '{ sub(/ \(/, " (*)(", $3); printf "    CALLBACK(%s, %s) \\\n", $1, $3 }'
rows functions.tsv | awk -F'\t' '{ sub(/ \(/, " (*)(", $2); printf "    FUNCTION(%s, %s) \\\n", $1, $2 }'
echo
