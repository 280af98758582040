"""The field page's script, its worker, and the policy under which a browser runs them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Final

from ...maps.scripts import join_modules, read_bare

ASSETS: Final = Path(__file__).parent / "assets"
# Modules in the order that they need one another.
_MODULES: Final = ("words", "records", "results", "drawing", "listing", "form", "field")


@cache
def field_script() -> str:
    """Join the page's modules to one script."""
    return join_modules(ASSETS, _MODULES)


@cache
def field_style() -> str:
    """Read the page's style."""
    return read_bare(ASSETS / "field.css")


@cache
def worker_script() -> str:
    """Read the script that keeps a page which the app serves."""
    return f'"use strict";\n{read_bare(ASSETS / "worker.js")}'


def field_policy(*, served: bool = False) -> dict[str, str]:
    """Write the content security policy of the page by directive: nothing comes from elsewhere.

    Parameters
    ----------
    served : bool
        Whether the app serves it, with a manifest and a worker beside it.
    """
    digest = hashlib.sha256(field_script().encode()).digest()
    policy = {
        "default-src": "'none'",
        "script-src": f"'sha256-{b64encode(digest).decode()}'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    if not served:
        return policy
    return policy | {
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "frame-ancestors": "'self'",
        "object-src": "'none'",
    }
