"""
The page of beltmap: ``beltmap serve``, or ``streamlit run app.py``.

Streamlit imports this file once for the server, and runs it for every change
that a reader makes. Everything that is shown is computed in `geo` and drawn in
`layers`; what knows Streamlit is in `layers.page`.
"""

import streamlit as st

if __name__ == "__main__":
    from layers.page.main import main

    main()
else:
    from layers.page.server import ready
    from layers.routes import routes

    app = st.App(
        __file__,
        lifespan=ready,
        routes=routes(base=st.get_option("server.baseUrlPath")),
    )
