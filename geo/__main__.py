"""Run the command line: ``python -m geo`` is the same as ``beltmap``."""

from geo.cli import main

main()
