"""Run every benchmark, one process each, draw their costs, and write their table."""

import subprocess
import sys

SCRIPTS = (
    *("server", "browser", "page", "desk", "load", "processes"),
    *("worst", "hostile", "plot", "table"),
)


def main():
    for script in SCRIPTS:
        arguments = sys.argv[1:] if script == "server" else []
        command = [sys.executable, "-m", f"tests.bench.{script}", *arguments]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
