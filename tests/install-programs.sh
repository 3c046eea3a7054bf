#!/bin/sh
# Sees to it that the programs the tests drive are there: Chromium, and PSPP, which reads our SPSS syntax.
# Does nothing when both are.
set -eu

is_there() {
    for name in "$@"; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
            return 0
        fi
    done
    return 1
}

packages=
# The fonts hold Arabic letters; without them a page in Arabic is rows of boxes.
is_there "${CHROMIUM:-}" chromium chromium-browser google-chrome || packages="chromium fonts-noto-core"
is_there pspp || packages="${packages:+$packages }pspp"
if [ -z "$packages" ]; then
    exit 0
fi

if ! is_there apt-get; then
    echo "The tests need Chromium and PSPP: install them (Chromium may be named in CHROMIUM), and run this again." >&2
    exit 1
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! is_there sudo; then
        echo "The tests need Chromium and PSPP: have an administrator run apt-get install $packages." >&2
        exit 1
    fi
    as_root=sudo
fi

$as_root apt-get update -q
# Each word of $packages is a package.
$as_root apt-get install -q -y --no-install-recommends $packages
