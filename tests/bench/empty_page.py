"""The least that Streamlit shows."""

import streamlit as st

st.write("empty page")
