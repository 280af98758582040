"""Layers of villages: any boundary file read into one form, repaired, or made of points."""
