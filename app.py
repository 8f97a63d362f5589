"""
The page of beltmap: ``beltmap serve``, or ``streamlit run app.py``.

Streamlit imports this file once for the server, and runs it for every change
that a reader makes. Everything that is shown is computed in `geo` and drawn in
`layers`; what knows Streamlit is in `layers.page`.
"""

import streamlit as st

if __name__ == "__main__":
    from beltmap.layers.page.main import main

    main()
else:
    from beltmap.layers.door.address import public_address
    from beltmap.layers.page.server import open_served, ready
    from beltmap.layers.policy import guards
    from beltmap.layers.routes import routes
    from beltmap.layers.services.settings import Server, services

    base = st.get_option("server.baseUrlPath")
    address = st.get_option("server.address")
    server = Server(open_served, services(), public_address(), base)
    app = st.App(
        __file__,
        lifespan=ready,
        middleware=guards(base=base, hosts=[address] if address else []),
        routes=routes(base=base, services=server),
    )
