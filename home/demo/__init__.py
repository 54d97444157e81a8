"""The demo school: its tasks, its student work (drawn, never a real child's) and its people."""
