"""OGC API Features: the places as a live layer for QGIS and other programs."""
