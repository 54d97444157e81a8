#!/bin/sh
# Pin what requirements*.in and package.json ask for. The locks name versions and never an address.
set -eu

pin() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links "$@"
}

pin requirements.in --output-file requirements.txt
pin requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt
pin requirements-ocr.in --constraints requirements.txt --constraints requirements-dev.txt --output-file requirements-ocr.txt
sh scripts/npm.sh install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund
if grep -n '"resolved"\|https\?://.*\.\(tgz\|whl\)' package-lock.json requirements.txt requirements-dev.txt requirements-ocr.txt; then
    echo "A lock holds an address (above)." >&2
    exit 1
fi
