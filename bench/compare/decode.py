"""Shape files back to polygons, so that peers can be given exactly what ours draws."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from tests.support.shape_files import decode_shapes as read_file


def decode_shapes(packed: bytes) -> tuple[str, gpd.GeoSeries]:
    """Level and polygons by code of a file of `geo.shapes.codec.encode_shapes`."""
    file = read_file(packed)
    owners = np.repeat(np.arange(len(file.rings)), [len(rings) for rings in file.rings])
    lines = [
        shapely.linearrings(ring * file.header["quantum"]) for own in file.rings for ring in own
    ]
    areas = [_even_odd(rings) for rings in shapely.geometrycollections(lines, indices=owners)]
    return str(file.header["level"]), gpd.GeoSeries(areas, index=file.codes, crs=4326)


def _even_odd(rings: shapely.GeometryCollection) -> shapely.Geometry:
    """The area that an even-odd rule paints."""
    try:
        return shapely.build_area(rings)
    except shapely.errors.GEOSException:  # rings that cross each other on the grid
        return shapely.build_area(shapely.node(rings))
