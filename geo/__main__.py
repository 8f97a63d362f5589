"""Run the command line: ``python -m geo`` is the same as ``beltmap``."""

from importlib import import_module

# by name, since the commands that draw lie above this package
import_module("layers.cli").main()
