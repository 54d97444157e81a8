#!/bin/sh
# Collect the static files with hashed names, when any of them is newer than the last time.
set -eu
stamp=static-built/.made

sh scripts/bundle.sh
if [ -f "$stamp" ] && [ -z "$(find static package-lock.json esw/core/static.py node_modules/.bundled -newer "$stamp" | head -n 1)" ]; then
    exit 0
fi
echo "Collecting static files"
SECRET_KEY=only-to-collect-files .venv/bin/python manage.py collectstatic --noinput --clear --verbosity 0
touch "$stamp"
