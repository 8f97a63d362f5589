#!/usr/bin/env python3
"""
Set up and run beltmap with nothing but Python 3.11 or newer and pip.

python3 .ci/dev.py page    set up, then open the page
python3 .ci/dev.py test    set up, then run every check: ruff, mypy, pytest
python3 .ci/dev.py deep    set up, then run what is long: large files, many cases
python3 .ci/dev.py bench   set up, then measure; --quick for the plain ways once
python3 .ci/dev.py docs    set up, take all pictures anew, build the site into
                           build/site; --keep-pictures builds with those there are

What follows `test` or `deep` goes to pytest, what follows `page` to Streamlit.
"""

import os
import random
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PINNED = ROOT / ".ci" / "requirements.txt"
EXTRAS = {
    "page": "",
    "test": "[test]",
    "deep": "[test]",
    "bench": "[test]",
    "docs": "[test,docs]",
}
ROOMS = ("geo", "layers", "data")
STYLE = (("ruff", "check", "."), ("ruff", "format", "--check", "."))
TESTS = ("pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
DEEP = ("pytest", "-n", "2", "-m", "deep or hypothesis", "--hypothesis-profile=deep")


def main() -> int:
    """Run what the command line asks for; give the first failure's status."""
    wish = sys.argv[1:2]
    if wish not in (["page"], ["test"], ["deep"], ["bench"], ["docs"]):
        print(__doc__.strip())
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - the reader's Python may be older
        print(f"beltmap needs Python 3.11 or newer, this is {sys.version.split()[0]}")
        return 2
    set_up(extras=EXTRAS[wish[0]])
    run("beltmap.geo.language.compiling")
    # hundreds of short processes would compile each module anew, where Python may not
    run("compileall", "-q", *ROOMS, "beltmap.py", "tests")
    if wish == ["page"]:
        return run("beltmap", "serve", *sys.argv[2:])
    if wish == ["bench"]:
        return run("tests.bench", *sys.argv[2:])
    if wish == ["docs"]:
        return build_site(pictures="--keep-pictures" not in sys.argv[2:])
    return examine(deep=wish == ["deep"])


def examine(*, deep: bool) -> int:
    """Run every check, or what is long; give the weightiest status."""
    if deep:
        # another one each time; the line that is printed runs the same cases again
        seed = f"--hypothesis-seed={random.randrange(2**32)}"
        return run(*DEEP, seed, *sys.argv[2:])
    lay_out_types()
    status = [run(*check) for check in STYLE]
    # beside the tests, which wait for browsers and servers half of the time
    types = subprocess.Popen(
        [PYTHON, "-m", "mypy"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    status.append(run(*TESTS, *sys.argv[2:]))
    print(f"-- mypy\n{types.communicate()[0]}", end="", flush=True)
    return max([*status, types.returncode], key=abs)


def set_up(*, extras: str) -> None:
    """Make the virtual environment and install the pinned packages into it."""
    stamp = HOME / f"installed{extras or '[page]'}"
    wanted = PINNED.read_text() + (ROOT / "pyproject.toml").read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        venv.create(HOME, with_pip=True)
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--constraint", PINNED, "--editable", f"{ROOT}{extras}"], check=True
    )
    stamp.write_text(wanted)


def build_site(*, pictures: bool) -> int:
    """Take the pictures of the site where they are wanted, then build it."""
    lay_out_types()
    if pictures and (status := run("tests.screenshots.take")):
        return status
    laid = subprocess.run([PYTHON, ".ci/pages.py"], cwd=ROOT, check=False)
    build = ("mkdocs", "build", "--strict", "--config-file", ".ci/mkdocs.yml")
    return laid.returncode or run(*build)


def lay_out_types() -> None:
    """Show mypy the checkout as the package that a wheel holds, by links."""
    types = HOME / "types" / "beltmap"
    types.mkdir(parents=True, exist_ok=True)
    for name, own in (("__init__.py", "beltmap.py"), *((n, n) for n in ROOMS)):
        link = types / name
        if not link.is_symlink():
            link.symlink_to(ROOT / own)


def run(module: str, *arguments: str) -> int:
    """Run a Python module from the root of the repository."""
    print(f"-- {module} {' '.join(arguments)}", flush=True)
    command = [PYTHON, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
