#!/bin/sh
# Sees to it that there is a Chromium for the browser tests. Does nothing when there is one.
set -eu

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done

if ! command -v apt-get >/dev/null 2>&1; then
    echo "The browser tests need Chromium: install it, or name its program in CHROMIUM, and run this again." >&2
    exit 1
fi

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
        echo "The browser tests need Chromium: have an administrator run apt-get install chromium fonts-noto-core." >&2
        exit 1
    fi
    as_root=sudo
fi

# The fonts hold Arabic letters; without them a page in Arabic is rows of boxes.
$as_root apt-get update -q
$as_root apt-get install -q -y --no-install-recommends chromium fonts-noto-core
