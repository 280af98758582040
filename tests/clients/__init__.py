"""Checks of our files and services by programs that are not ours: QGIS, GDAL, validators."""
