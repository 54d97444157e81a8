#!/bin/sh
# Turn the fonts of PDF documents into ones that typst reads, all of them, for a machine without node_modules.
# Elsewhere there is no need: each is made when a document first needs it (esw/core/fonts.py).
set -eu
echo "Making fonts"
.venv/bin/python -m esw.core.fonts node_modules/@fontsource fonts-built
touch fonts-built/.made
