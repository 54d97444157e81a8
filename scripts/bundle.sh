#!/bin/sh
# Bundle what comes as ES modules only (what draws the charts), when it is not there or older than its parts.
# It goes into node_modules, so that whatever installs the packages anew also makes it anew.
set -eu
made=node_modules/.bundled/charts.js

if [ -f "$made" ] && [ -z "$(find scripts/bundle.sh scripts/bundles package-lock.json -newer "$made" | head -n 1)" ]; then
    exit 0
fi
echo "Bundling the charts"
mkdir -p node_modules/.bundled
PATH=$(pwd)/.venv/bin:$PATH
draft=$made.$$
trap 'rm -f "$draft"' EXIT
node_modules/.bin/esbuild scripts/bundles/charts.js --bundle --minify --format=esm --target=es2022 \
    --alias:vega=./scripts/bundles/vega.js --log-level=warning --outfile="$draft" --allow-overwrite \
    --banner:js='/*! Vega, Vega-Lite, Vega-Embed and Vega-Interpreter, BSD-3-Clause; D3, ISC: see their packages on npm. */'
mv "$draft" "$made"
