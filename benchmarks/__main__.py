"""`python -m benchmarks [name …]`: run each benchmark in a process of its own; all of them when none is named."""

import pkgutil
import subprocess
import sys
from pathlib import Path

import benchmarks

#: What helps the others and measures nothing.
HELPERS = frozenset({"__main__", "report", "serving"})


def names() -> list[str]:
    """The benchmarks that there are: the modules here that have a `main`."""
    found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name not in HELPERS]
    return [name for name in sorted(found) if not name.startswith("_")]


def main() -> None:
    known = names()
    chosen = sys.argv[1:] or known
    if unknown := [name for name in chosen if name not in known]:
        sys.exit(f"There is no benchmark called {', '.join(unknown)}. There are: {', '.join(known)}.")
    root = Path(__file__).resolve().parent.parent
    failed = []
    for name in chosen:
        print(f"\n== {name}\n", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=root, check=False).returncode:  # noqa: S603
            failed.append(name)
    if failed:
        sys.exit(f"Did not finish: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
