"""What a short process is spared."""

import subprocess
import sys

from beltmap.geo.intake.apart.start import ROOT


def said(code):
    """Give what a process of its own says."""
    begin = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_end_of_a_command_does_not_look_for_garbage():
    code = (
        "import atexit, gc\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 0))\n"
        "from beltmap.geo.memory import start_lightly\n"
        "start_lightly()\n"
    )
    assert said(code) == "True"


def test_a_summary_does_without_what_reads_and_draws_files():
    code = (
        "from beltmap.layers.commands.main import main\n"
        "main(['summary'], standalone_mode=False)\n"
        "strangers = {'pyogrio', 'matplotlib', 'msgspec', 'openpyxl', 'sqlite3'}\n"
        "print(strangers & set(sys.modules))\n"
    )
    assert said(code).splitlines()[-1] == "set()"
