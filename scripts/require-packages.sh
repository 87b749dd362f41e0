#!/bin/bash
# Installs the Debian packages named that are missing, saying which. Without root it prints the command instead and fails.
set -eu
if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian system; please make sure of: $*" >&2
    exit 0
fi
missing=()
for package in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    [[ $state == ii* || $state == hi* ]] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    install="apt-get install -y --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        echo "Missing packages. Please run, as root:" >&2
        echo "    $install" >&2
        exit 1
    fi
    echo "Installing what is missing: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    $install
fi
if ! command -v swift >/dev/null; then
    echo "No swift in PATH. Swift 6.3 for Debian 12 comes from https://www.swift.org/install/linux/" >&2
    exit 1
fi
