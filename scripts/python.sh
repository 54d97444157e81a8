#!/bin/sh
# Make .venv with the newest Python that ESW runs on, and install what the given file pins.
set -eu

find_python() {
    for name in ${PYTHON_FOR_ESW:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "ESW needs Python 3.11, 3.12, 3.13 or 3.14. Install one, or name it with PYTHON_FOR_ESW=." >&2
    return 1
}

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    echo "Making .venv with $("$python" --version)"
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "This Python cannot make environments. On Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    fi
fi

echo "Installing $1"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$1"
