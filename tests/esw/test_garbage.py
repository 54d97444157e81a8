"""A server seldom looks through all that lives, because every screen waits meanwhile."""

import subprocess
import sys

SEEN = "import gc, esw.asgi; print(gc.get_freeze_count() > 10_000, gc.get_threshold())"


def test_what_was_loaded_is_left_alone_and_the_rest_looked_through_seldom():
    told = subprocess.run([sys.executable, "-c", SEEN], capture_output=True, text=True, check=True).stdout
    assert told.split("\n")[-2] == "True (5000, 20, 100)"
