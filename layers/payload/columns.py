"""Attributes of a layer as arrays: numbers, dictionary codes or one run of text."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

FEW_VALUES: Final = 256


def smallest(numbers: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
    """Keep counts in the narrowest type that holds them all."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def encode_column(
    values: Any,  # noqa: ANN401 (lists, arrays and Series alike)
    *,
    coded: bool,
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Describe one attribute and write it as arrays: numbers, codes or text."""
    series = pd.Series(values)
    if isinstance(series.dtype, pd.CategoricalDtype):
        return encode_codes(series)
    if not coded and pd.api.types.is_numeric_dtype(series):
        numbers = series.to_numpy(dtype=np.float64, na_value=np.nan)
        narrow = numbers.astype(np.float32)
        exact = np.array_equal(narrow, numbers, equal_nan=True)
        return {"type": "number"}, {"values": narrow if exact else numbers}
    words = pa.array(series, pa.large_string(), from_pandas=True)
    words = words.combine_chunks() if isinstance(words, pa.ChunkedArray) else words
    table = words.dictionary_encode(null_encoding="encode")
    count = len(table.dictionary)
    if coded or count <= FEW_VALUES or 2 * count <= len(series):
        codes = table.indices.to_numpy(zero_copy_only=False)
        known = table.dictionary.to_pylist()
        return {"type": "code", "values": known}, {"codes": smallest(codes)}
    filled = words.fill_null("")
    ends = np.frombuffer(filled.buffers()[1], np.int64, len(filled) + 1)
    data = filled.buffers()[2]
    missing = words.is_null().to_numpy(zero_copy_only=False)
    return {"type": "text"}, {
        "ends": (ends[1:]).astype(np.uint32),
        "bytes": np.frombuffer(data, np.uint8, int(ends[-1])),
        "missing": np.packbits(missing),
    }


def encode_codes(
    series: "pd.Series[Any]",
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Write an attribute whose codes are known; the missing one comes last."""
    codes = series.cat.codes.to_numpy()
    known = [*series.cat.categories]
    missing = codes < 0
    if missing.any():
        codes = np.where(missing, len(known), codes)
        known.append(None)
    return {"type": "code", "values": known}, {"codes": smallest(codes)}


def decode_column(
    column: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], name: str
) -> list[Any]:
    """Read one attribute back as a list, None where it is missing."""
    if column["type"] == "number":
        numbers = arrays[f"{name}:values"]
        return [None if v != v else v for v in numbers.tolist()]  # noqa: PLR0124
    if column["type"] == "code":
        return [column["values"][code] for code in arrays[f"{name}:codes"].tolist()]
    ends = arrays[f"{name}:ends"].tolist()
    missing = np.unpackbits(arrays[f"{name}:missing"], count=len(ends))
    data = arrays[f"{name}:bytes"].tobytes()
    return [
        None if gone else data[start:end].decode()
        for start, end, gone in zip([0, *ends], ends, missing.tolist(), strict=False)
    ]
