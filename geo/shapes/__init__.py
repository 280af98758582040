"""Prepared geometry for drawing: gap-free, in resolutions, as files that are read bit by bit."""
