#!/bin/sh
# Install ffmpeg, for recordings of sound and film and their tests. Where it is there already it does nothing; where
# this user may not install, it says what to do.
set -eu

missing() {
    ! command -v ffmpeg >/dev/null || ! command -v ffprobe >/dev/null
}

missing || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ffmpeg through apt" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends ffmpeg; } >&2 </dev/null || true
fi
if missing; then
    echo "ffmpeg is missing. On Debian and Ubuntu: apt install ffmpeg. On macOS: brew install ffmpeg" >&2
    exit 1
fi
