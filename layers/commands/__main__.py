"""Run the command line: ``python -m beltmap`` is the same as ``beltmap``."""

from beltmap.layers.commands.main import main

main(prog_name="beltmap")
