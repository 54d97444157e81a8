#!/bin/sh
# Install LibreOffice without its screens, as small as it comes, for the tests of office documents. Where it is there
# already it does nothing; where this user may not install, it says what to do.
set -eu

missing() {
    for place in /usr/lib/libreoffice /usr/lib64/libreoffice /opt/libreoffice; do
        [ -x "$place/program/soffice.bin" ] && return 1
    done
    ! command -v soffice >/dev/null && [ ! -e /Applications/LibreOffice.app ]
}

missing || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing LibreOffice through apt" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends \
        libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui fonts-liberation; } \
        >&2 </dev/null || true
fi
if missing; then
    echo "LibreOffice is missing. On Debian and Ubuntu: apt install libreoffice-writer-nogui libreoffice-calc-nogui" \
        "libreoffice-impress-nogui. On macOS: brew install --cask libreoffice" >&2
    exit 1
fi
