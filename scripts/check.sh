#!/bin/sh
# Everything that can be checked without running ESW. Each check runs, whatever came of the one before.
set -u
PATH=$(pwd)/.venv/bin:$PATH
DATA_DIR=$(mktemp -d)
export PATH DATA_DIR
trap 'rm -rf "$DATA_DIR"' EXIT
failed=

check() {
    title=$1
    shift
    printf '%s … ' "$title"
    if output=$("$@" 2>&1); then
        echo "ok"
    else
        echo "NOT OK"
        echo "$output"
        failed="$failed
  $title"
    fi
}

deploy() {
    SITE_URL=https://esw.example SECURE_SSL_REDIRECT=1 python manage.py check --deploy --fail-level WARNING
}

check "lint" ruff check .
check "format" ruff format --check .
check "types" mypy .
check "import order" lint-imports
check "templates" djlint templates --lint --quiet
check "JavaScript" node_modules/.bin/tsc -p jsconfig.json
check "migrations" python manage.py makemigrations --check --dry-run
check "deployment" deploy

if [ -n "$failed" ]; then
    printf '\nNot ok:%s\n' "$failed"
    exit 1
fi
