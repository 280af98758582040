"""Coordinates of records, out of two columns or one."""

from __future__ import annotations

import numpy as np

from .cells import Cells, Floats, map_distinct
from .degrees import put_right, read_degrees, read_position


def read_points(cells: Cells) -> dict[str, Floats]:
    """Degrees by ``latitude`` and ``longitude``; nothing where the table has no coordinates.

    Where latitude and longitude were swapped they are put right.
    """
    if cells.find("position"):
        text = cells.text("position")
        pairs = map_distinct(text, lambda texts: [*map(read_position, texts)], "float64")
    elif cells.find("latitude") and cells.find("longitude"):
        columns = (cells.text("latitude"), cells.text("longitude"))
        pairs = np.column_stack(
            [
                map_distinct(text, lambda texts: [*map(read_degrees, texts)], "float64")
                for text in columns
            ]
        )
    else:
        return {}
    pairs = pairs.reshape(-1, 2)
    right = np.array([put_right(*pair) for pair in pairs.tolist()], "float64").reshape(-1, 2)
    return {"latitude": right[:, 0], "longitude": right[:, 1]}
