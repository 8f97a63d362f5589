"""The page: all that knows Streamlit, beside `app`."""
