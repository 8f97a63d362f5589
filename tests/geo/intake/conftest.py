"""Formats of the worker, read here and now: faster, and without the wall."""

import pytest

from beltmap.geo.intake.formats.gdal.drivers import OPTIONS
from beltmap.geo.intake.limits import APART


@pytest.fixture
def as_worker(monkeypatch):
    """Let this process read what the worker alone reads."""
    for name, value in {APART: "1", **OPTIONS}.items():
        monkeypatch.setenv(name, value)
