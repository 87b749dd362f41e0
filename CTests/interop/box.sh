#!/bin/sh
# Inside of namespaces of its own: an empty /tmp, another host name, then a program. Where BUILD is below /tmp that part
# of it stays, because the program is there.
#   box.sh BUILD PROGRAM ARGUMENTS...
set -eu
build=$1
shift
case $build in
    /tmp/*)
        kept=/tmp/$(echo "$build" | cut -d / -f 3)
        mount --bind "$kept" /mnt
        mount -t tmpfs tmpfs /tmp
        mkdir "$kept"
        mount --bind /mnt "$kept"
        ;;
    *) mount -t tmpfs tmpfs /tmp ;;
esac
hostname box
exec "$@"
