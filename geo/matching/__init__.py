"""Matching places of a file to the gazetteer: words -> names -> likeness -> levels -> villages.

`match_places` and `Gazetteer` are what the rest of the program uses.
"""

from .gazetteer import Gazetteer
from .match import match_places
from .names import normalise_name

__all__ = ["Gazetteer", "match_places", "normalise_name"]
