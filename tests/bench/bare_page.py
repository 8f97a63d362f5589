"""A page of Streamlit alone: as many boxes, figures and rows as ours, and no map."""

import os

import pandas as pd
import streamlit as st

ROWS = int(os.environ["BENCH_ROWS"])
BOXES = 24
"""As many as the panel of filters has for the shipped plans."""

COLUMNS = 8
ANSWERED = "rows chosen"


@st.cache_data
def table():
    """Make a table of as many rows and columns as that of zones."""
    return pd.DataFrame(
        {f"column {n}": [f"{n}:{row}" for row in range(ROWS)] for n in range(COLUMNS)}
    )


chosen = [
    st.sidebar.checkbox(f"box {n}", key=f"box{n}", value=False) for n in range(BOXES)
]
rows = table().iloc[: max(ROWS - sum(chosen), 1)]
for place, name in zip(st.columns(3), ("a", "b", "c"), strict=True):
    place.metric(name, len(rows))
st.dataframe(rows)
st.write(f"{sum(chosen)} boxes, {ANSWERED}")
