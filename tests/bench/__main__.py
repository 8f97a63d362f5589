"""Run every benchmark, one process each, and draw the picture of their costs."""

import importlib.util
import subprocess
import sys

SCRIPTS = ("server", "browser", "plot")


def main():
    for script in SCRIPTS:
        module = f"tests.bench.{script}"
        if importlib.util.find_spec(module) is None:
            continue
        arguments = sys.argv[1:] if script == "server" else []
        subprocess.run([sys.executable, "-m", module, *arguments], check=True)


if __name__ == "__main__":
    main()
