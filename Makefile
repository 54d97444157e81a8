# ESW. `make run` serves the demo school, `make test` runs every test; both set up what they need.
#
#   PORT=8000  DATA_DIR=data  HOST=127.0.0.1   where it is served from, and where it keeps what it knows
#
# What was set up is remembered in stamp files, so a second start skips it. The steps are in scripts/.

.POSIX:
SHELL = /bin/sh
PORT ?= 8000
HOST ?= 127.0.0.1
DATA_DIR ?= data
PYTHON = .venv/bin/python

.PHONY: help run test check bench pictures format lock clean

help:
	@sed -n 's/^#: //p' Makefile

#: make run     serve the demo school at http://127.0.0.1:8000
run: static-built/.made .venv/.made-ocr
	@DATA_DIR="$(DATA_DIR)" exec $(PYTHON) scripts/run.py --host "$(HOST)" --port "$(PORT)"

#: make test    run every test (Chromium is installed through apt where that is allowed)
test: .venv/.made-dev .venv/.made-ocr node_modules/.made-dev
	@sh scripts/bundle.sh
	@sh scripts/test.sh $(ARGS)

#: make check   lint, types, import order, templates, JavaScript, migrations, deploy checks
check: .venv/.made-dev node_modules/.made-dev
	@sh scripts/check.sh

#: make bench   measure what ESW costs and write docs/performance.md (ONLY=images for one of them)
bench: .venv/.made-dev .venv/.made-ocr node_modules/.made-dev
	@$(PYTHON) -m benchmarks $(ONLY)

#: make pictures  take docs/pictures anew from the running demo
pictures: .venv/.made-dev .venv/.made-ocr node_modules/.made-dev
	@sh scripts/bundle.sh
	@CHROMIUM="$$(sh scripts/chromium.sh)" $(PYTHON) scripts/pictures.py $(ONLY)

#: make format  put Python into its usual shape
format: .venv/.made-dev
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

#: make lock    pin requirements*.in and package.json anew
lock: .venv/.made-dev
	@sh scripts/lock.sh

#: make clean   remove what was set up and built; DATA_DIR stays
clean:
	rm -rf .venv node_modules static-built fonts-built .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.made: requirements.txt scripts/python.sh
	@sh scripts/python.sh requirements.txt
	@touch $@

.venv/.made-dev: requirements-dev.txt scripts/python.sh .venv/.made
	@sh scripts/python.sh requirements-dev.txt
	@touch $@

# What reads pages, to offer places where a name may stand. ESW runs without it too, so a machine that has no such
# package goes on; the next start tries again.
.venv/.made-ocr: requirements-ocr.txt scripts/python.sh .venv/.made
	@sh scripts/python.sh requirements-ocr.txt && touch $@ || \
	    echo "Without requirements-ocr.txt ESW offers no places where a name may stand. All else works."

node_modules/.made: package-lock.json .venv/.made
	@sh scripts/npm.sh ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error
	@touch $@

node_modules/.made-dev: package-lock.json .venv/.made
	@sh scripts/npm.sh ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch node_modules/.made $@

# Whether anything is newer is found out by the script: make cannot list files portably.
static-built/.made: node_modules/.made esw/core/static.py scripts/static.sh FORCE
	@sh scripts/static.sh

# Every font of PDF documents, for an image without node_modules; `make run` makes each when a document needs it.
fonts-built/.made: node_modules/.made esw/core/fonts.py scripts/fonts.sh
	@sh scripts/fonts.sh

FORCE:
