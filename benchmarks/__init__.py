"""What ESW costs, measured. Each module has a `main()` that prints a table and writes its section of
docs/performance.md; `make bench` runs them all, `make bench ONLY=images` one of them.
"""
