"""Claims survive an export: what is read back is what the plan has."""

import json
from io import BytesIO

import numpy as np
import orjson
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest

from beltmap.geo.claims.table import (
    CLAIM_COLUMNS,
    SOURCE_COLUMNS,
    read_claims,
    read_sectors,
    read_sources,
)
from beltmap.geo.export.readback import unzip
from beltmap.geo.export.write import write
from tests.choosing import choose


def tables(records):
    """Make the tables of claims and sources of the lists in a file."""
    claims = pd.DataFrame(records["claims"], columns=list(CLAIM_COLUMNS))
    sources = pd.DataFrame(records["sources"], columns=list(SOURCE_COLUMNS))
    numbers = claims[["value", "value_max"]].astype(float)
    texts = claims.astype(object).where(claims.notna(), None)
    years = claims["year"].astype("Int64")
    sources = sources.astype(object).where(sources.notna(), None)
    return texts.assign(**numbers, year=years), sources


def test_geojson_carries_all_claims_and_sources(shipped, everything):
    content = write(everything, format_code="geojson").content
    claims, sources = tables(orjson.loads(content))
    pd.testing.assert_frame_equal(claims, shipped.claims)
    pd.testing.assert_frame_equal(sources, shipped.sources)


def test_parquet_carries_all_claims_and_sources(shipped, everything):
    content = write(everything, format_code="parquet").content
    said = orjson.loads(pq.read_metadata(BytesIO(content)).metadata[b"beltmap"])
    claims, sources = tables(said)
    pd.testing.assert_frame_equal(claims, shipped.claims)
    pd.testing.assert_frame_equal(sources, shipped.sources)


def test_csv_tables_are_a_plan_s_own(shipped, everything, tmp_path):
    content = write(everything, format_code="csvzip").content
    unzip(content, tmp_path)
    pd.testing.assert_frame_equal(read_claims(tmp_path), shipped.claims)
    pd.testing.assert_frame_equal(read_sources(tmp_path), shipped.sources)
    pd.testing.assert_frame_equal(read_sectors(tmp_path), shipped.sectors)


@pytest.mark.parametrize("code", ["geopackage", "geodatabase"])
def test_tables_of_a_database_have_all_claims(shipped, everything, tmp_path, code):
    export = write(everything, format_code=code)
    path = tmp_path / f"plan{export.format_.suffixes[0]}"
    path.write_bytes(export.content)
    if code == "geodatabase":
        path = next(unzip(export.content, tmp_path).glob("*.gdb"))
    for name, table in (("claims", shipped.claims), ("sources", shipped.sources)):
        read = pyogrio.read_dataframe(path, layer=name)
        assert list(read.columns) == list(table.columns)
        for column in table:
            wanted = table[column].astype(object).where(table[column].notna(), None)
            found = read[column].astype(object).where(read[column].notna(), None)
            assert found.tolist() == wanted.tolist(), column


def test_claims_are_of_what_is_filtered(shipped):
    mask = (shipped.zones["id"] == "dl-hitech").to_numpy()
    content = write(choose(shipped, mask), format_code="geojson").content
    document = json.loads(content)
    subjects = {claim["subject"] for claim in document["claims"]}
    assert subjects == {"dl-hitech"}
    cited = {claim["source"] for claim in document["claims"]}
    assert {source["id"] for source in document["sources"]} >= cited
    (feature,) = document["features"]
    ids = feature["properties"]["claims"].split(";")
    assert ids == [claim["id"] for claim in document["claims"]]


def test_claims_about_a_zone_s_pattern_are_with_it(shipped):
    mask = (shipped.zones["id"] == "qd-belt").to_numpy()
    document = json.loads(write(choose(shipped, mask), format_code="geojson").content)
    subjects = {claim["subject"] for claim in document["claims"]}
    assert subjects == {"qd-belt", "one-belt-three-towns-five-parks"}


def test_every_zone_names_its_claims(everything):
    document = json.loads(write(everything, format_code="geojson").content)
    known = {claim["id"] for claim in document["claims"]}
    for feature in document["features"]:
        named = set(feature["properties"]["claims"].split(";"))
        assert named <= known
        assert any(name.startswith(feature["id"]) for name in named)


def test_layers_of_an_export_are_a_plan_again(shipped, tmp_path):
    """A plan's folder with its layers from an export reads as the same plan."""
    from beltmap.geo.charter.reading import default_charter
    from beltmap.geo.plan.plan import read_plan
    from tests.elsewhere import write_flat

    write_flat(tmp_path)
    for kind, file in default_charter().files.items():
        mask = (shipped.zones["kind"] == kind).to_numpy()
        export = write(choose(shipped, mask), format_code="geojson")
        (tmp_path / file).write_bytes(export.content)
    again = read_plan(tmp_path)
    assert again.zones["id"].tolist() == shipped.zones["id"].tolist()
    assert np.array_equal(
        again.zones.geometry.isna().to_numpy(), shipped.zones.geometry.isna().to_numpy()
    )
