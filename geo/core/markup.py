"""HTML and SVG from templates: all text is escaped, and each template is compiled once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, StrictUndefined, Template

_ENVIRONMENT: Final = Environment(autoescape=True, undefined=StrictUndefined)
# Line breaks and indentation are for who reads a template; a page that is sent has none.
_INDENT: Final = re.compile(r"\n\s*")


def render_template(path: Path, **values: Any) -> str:
    """Fill a template in.

    Parameters
    ----------
    path : pathlib.Path
        Of the template. Lines are joined without a space between them.
    **values
        What the template names. Text is escaped, unless the template says that it is ``safe``.
    """
    return _compile(path).render(values)


@cache
def _compile(path: Path) -> Template:
    text = path.read_text(encoding="utf-8").strip()
    return _ENVIRONMENT.from_string(_INDENT.sub("", text))
