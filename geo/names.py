"""Place names made comparable, by spelling alone."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

_PREFIX: Final = re.compile(
    r"^(?:desa|ds|kelurahan|kel|kecamatan|kec|kabupaten|kab|kota|provinsi|prov)\b[\s.]*"
)
_NOT_LETTERS: Final = re.compile(r"[^0-9a-z]+")


def normalise_name(name: str) -> str:
    """Lower case, single spaces, no punctuation, no prefix such as ``Desa`` or ``Kel.``.

    Examples
    --------
    >>> normalise_name("Ds. HAJAK")
    'hajak'
    >>> normalise_name("TEWEH  BARU")
    'teweh baru'
    """
    text = name.strip().lower()
    bare = _PREFIX.sub("", text)
    return _NOT_LETTERS.sub(" ", bare or text).strip()


def normalise_names(names: pd.Series) -> pd.Series:
    """`normalise_name` of a Series; each distinct spelling is worked on once."""
    text = names.fillna("").astype("str")
    return text.map({name: normalise_name(name) for name in text.unique()}).astype("str")
