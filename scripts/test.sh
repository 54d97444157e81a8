#!/bin/sh
# Run the tests, in TEST_PROCESSES processes: everything on SQLite with no service at all, then what talks to a
# database or a server once more on PostgreSQL and Redis, with Celery workers. With CI=true a part that cannot run is a
# failure; otherwise it is left out and said at the end. Arguments go to pytest, both times.
set -eu
left_out=
status=0

leave_out() {
    if [ "${CI:-}" = true ]; then
        echo "Cannot run $1." >&2
        exit 1
    fi
    left_out="$left_out
  $1"
}

# A file's tests stay in one process, because they may share a server. 5: no test that was asked for belongs here.
run() {
    code=0
    "$@" || code=$?
    [ "$code" = 0 ] || [ "$code" = 5 ] || status=$code
}
pytest=".venv/bin/python -m pytest --numprocesses ${TEST_PROCESSES:-2} --dist loadfile"

if CHROMIUM=$(sh scripts/chromium.sh); then
    export CHROMIUM
    marks= again="services or not browser"
else
    marks="not browser" again=$marks
    leave_out "the browser tests: there is no Chromium here, and only root may install it (apt install chromium)"
fi
sh scripts/office.sh || leave_out "the tests of office documents that need LibreOffice: see the line above"
sh scripts/media.sh || leave_out "the tests of recordings that need ffmpeg: see the line above"
echo "On SQLite, without services"
run env -u DATABASE_URL -u REDIS_URL $pytest -m "$marks" "$@"

if sh scripts/services.sh; then
    echo "On PostgreSQL and Redis"
    run .venv/bin/python -m tests.services $pytest --on-services -m "$again" "$@"
else
    leave_out "the tests on PostgreSQL and Redis: see the line above"
fi

[ -z "$left_out" ] || printf '\nNot run:%s\n' "$left_out"
exit $status
