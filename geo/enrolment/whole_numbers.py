"""Identities that went through a decimal number and came out whole: ``6205012505900001.0``."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .grid import Bools, matches

_WHOLE: Final = r"^[0-9]{16}\.0+$"
# Above this not every whole number can be told from its neighbours.
_EXACT: Final = str(2**53)
# A spreadsheet keeps fifteen digits and writes 0 for the sixteenth; identities end in any digit.
_MOST_ZEROS: Final = 0.4


def restore_whole_numbers(text: pa.Array) -> pa.Array:
    """Drop ``.0`` behind identities of which no digit was lost; others stay as they are.

    Parameters
    ----------
    text : pyarrow.Array
        Identities as the file has them.
    """
    whole = matches(text, _WHOLE)
    if not whole.any():
        return text
    digits = pc.replace_substring_regex(text, r"\.0+$", "")
    own = digits.filter(pa.array(whole))
    zeros = np.asarray(pc.ends_with(own, "0").to_numpy(zero_copy_only=False)).mean()
    if zeros > _MOST_ZEROS:
        return text
    exact = whole & np.asarray(pc.less(digits, _EXACT).to_numpy(zero_copy_only=False))
    return pc.if_else(pa.array(exact), digits, text)


def kept_all_digits(text: pa.Array, numeric: Bools) -> Bools:
    """Find numbers of sixteen digits of a spreadsheet that lost none of them.

    Parameters
    ----------
    text : pyarrow.Array
        Identities as the file has them.
    numeric : numpy.ndarray of bool
        Cells that were numbers.

    Returns
    -------
    numpy.ndarray of bool
        A program writes all digits, and the last ones differ; of numbers that were typed into a
        spreadsheet the last is 0, and all of a column are lost.
    """
    none = np.zeros(len(text), dtype=bool)
    whole = numeric & matches(text, r"^[0-9]{16}$")
    if not whole.any():
        return none
    own = text.filter(pa.array(whole))
    if np.asarray(pc.ends_with(own, "0").to_numpy(zero_copy_only=False)).mean() > _MOST_ZEROS:
        return none
    exact: Bools = np.asarray(pc.less(text, _EXACT).to_numpy(zero_copy_only=False), dtype=bool)
    return whole & exact
