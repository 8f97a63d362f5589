"""What a wheel has that an editable install does not: the package's own files."""

import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# hatchling puts these, too, below the name that `sources` gives
FILES = {
    "beltmap.py": "__init__.py",
    "layers/commands/__main__.py": "__main__.py",
    "py.typed": "py.typed",
}


class Hook(BuildHookInterface[Any]):
    """Put the files of the top where an installed package has them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to a wheel; an editable install finds them in place."""
        if version == "standard":
            build_data["force_include"].update(FILES)
            folder = Path(tempfile.mkdtemp())
            place = "geo/language/locale"
            found = spec_from_file_location("compiling", f"{place}/../compiling.py")
            compiling = module_from_spec(found)
            found.loader.exec_module(compiling)
            for file in compiling.compile_all(folder):
                build_data["force_include"][str(file)] = f"{place}/{file.name}"
