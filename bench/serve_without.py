"""Streamlit's command line in a process that lacks a workaround, for ``bench.workarounds``.

``python -m bench.serve_without NAME run app.py`` replaces the function NAME of
``components/workarounds.py`` by one that does nothing; ``none`` replaces none.
"""

from __future__ import annotations

import sys

from streamlit.web.cli import main

from components import workarounds

if __name__ == "__main__":
    lacking = sys.argv.pop(1)
    if lacking != "none":
        getattr(workarounds, lacking)  # a name that is none ends here
        setattr(workarounds, lacking, lambda: None)
    main()
