#!/bin/sh
# Run the tests, in TEST_PROCESSES processes. With CI=true a part that cannot run is a failure; otherwise it is
# left out and said at the end. Arguments go to pytest.
set -eu
processes=${TEST_PROCESSES:-2}
left_out=

if CHROMIUM=$(sh scripts/chromium.sh); then
    export CHROMIUM
elif [ "${CI:-}" = true ]; then
    echo "There is no Chromium, and it could not be installed: the browser tests cannot run." >&2
    exit 1
else
    left_out="the browser tests: there is no Chromium here, and only root may install it (apt install chromium)"
fi

# A file's tests stay in one process, because they may share a server.
set -- --numprocesses "$processes" --dist loadfile "$@"
[ -z "$left_out" ] || set -- -m "not browser" "$@"
status=0
.venv/bin/python -m pytest "$@" || status=$?
[ -z "$left_out" ] || printf '\nNot run: %s.\n' "$left_out"
exit $status
