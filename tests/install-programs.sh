#!/bin/sh
# Sees to it that the programs the tests drive are there: Chromium and Firefox, nginx with the shipped configuration,
# PgBouncer, and PSPP, which reads our SPSS syntax. Does nothing when all are.
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
is_there firefox-esr firefox || packages="${packages:+$packages }firefox-esr"
# Debian keeps nginx and PgBouncer where only root looks for programs.
is_there nginx "${NGINX-/usr/sbin/nginx}" || packages="${packages:+$packages }nginx-light"
is_there pgbouncer "${PGBOUNCER-/usr/sbin/pgbouncer}" || packages="${packages:+$packages }pgbouncer"
is_there pspp || packages="${packages:+$packages }pspp"
if [ -z "$packages" ]; then
    exit 0
fi

if ! is_there apt-get; then
    echo "The tests need Chromium, Firefox, nginx, PgBouncer and PSPP: install them (CHROMIUM and NGINX may name theirs), and run this again." >&2
    exit 1
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! is_there sudo; then
        echo "The tests need Chromium, Firefox, nginx, PgBouncer and PSPP: have an administrator run apt-get install $packages." >&2
        exit 1
    fi
    as_root=sudo
fi

$as_root apt-get update -q
# Each word of $packages is a package.
$as_root apt-get install -q -y --no-install-recommends $packages
