"""Borders of rings on a grid, each found once, however many rings go along it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
_ALONE = -1


@dataclass(frozen=True)
class Arcs:
    """Rings as walks along arcs.

    Attributes
    ----------
    walk : numpy.ndarray of int
        Positions of the vertices in the order of the walk: ring by ring, each from the
        beginning of one of its arcs.
    first : numpy.ndarray of bool
        In the order of the walk: whether an arc begins at the vertex.
    back : numpy.ndarray of int
        For each arc walked: 0 the first time; else how many arcs before the newest one plus
        one it is, walked the other way round.
    """

    walk: Ints
    first: Mask
    back: Ints

    @property
    def arc(self) -> Ints:
        """For each vertex of the walk, which of the arcs walked it lies on."""
        return np.cumsum(self.first) - 1


def find_arcs(vertices: Ints, ring: Ints) -> Arcs:
    """Cut rings where their neighbour changes.

    Parameters
    ----------
    vertices : numpy.ndarray of int, (n, 2)
        Of rings without repeated or closing vertices, polygons to the left of their rings.
    ring : numpy.ndarray of int, (n,)
        Which ring each vertex belongs to, ascending from 0 without a gap.

    Returns
    -------
    Arcs
        An edge that only one ring has, or that two have the same way round, is in an arc of
        its own: a ring is whole whether or not its neighbours fit.
    """
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    sizes = np.diff(np.append(starts, len(ring)))
    point = _number(vertices)
    after = _neighbour(ring, starts, sizes, 1)
    partner = _partners(point, point[after])
    first = _cuts(partner, after, _neighbour(ring, starts, sizes, -1))
    uncut = np.bincount(ring[first], minlength=len(starts)) == 0
    least = np.minimum.reduceat(point, starts)
    first |= uncut[ring] & (point == least[ring])
    walk = _turn(ring, starts, sizes, _entrances(ring, first, partner))
    place = np.empty_like(walk)
    place[walk] = np.arange(len(walk))
    partner = np.where(partner[walk] == _ALONE, _ALONE, place[partner[walk]])
    return Arcs(walk, first[walk], _backs(first[walk], partner))


def _number(vertices: Ints) -> Ints:
    """Give each position a number, equal ones the same."""
    low = vertices.min(axis=0)
    span = int(vertices[:, 1].max() - low[1]) + 1
    keys = (vertices[:, 0] - low[0]) * span + vertices[:, 1] - low[1]
    return np.unique(keys, return_inverse=True)[1].astype("int64")


def _neighbour(ring: Ints, starts: Ints, sizes: Ints, step: int) -> Ints:
    """Find the vertex so many steps on in the same ring."""
    place_in_ring = np.arange(len(ring)) - starts[ring]
    return starts[ring] + (place_in_ring + step) % sizes[ring]


def _partners(begin: Ints, end: Ints) -> Ints:
    """For each edge one that goes the other way; `_ALONE` where there is none left."""
    edge = np.minimum(begin, end) * (int(begin.max()) + 1) + np.maximum(begin, end)
    backward = begin > end
    uses = np.argsort(edge * 2 + backward, kind="stable")
    fresh = np.diff((edge * 2 + backward)[uses], prepend=-1) != 0
    which = np.empty_like(edge)
    which[uses] = np.arange(len(edge)) - np.maximum.accumulate(
        np.where(fresh, np.arange(len(edge)), 0)
    )
    order = np.lexsort((backward, which, edge))
    one, other = order[:-1], order[1:]
    pairs = (edge[one] == edge[other]) & (which[one] == which[other])
    partner = np.full(len(edge), _ALONE)
    partner[one[pairs]], partner[other[pairs]] = other[pairs], one[pairs]
    return partner


def _cuts(partner: Ints, after: Ints, before: Ints) -> Mask:
    """Where the edge before a vertex and the edge from it have not the same other side."""
    leaving, coming = partner[before], partner
    has_no_partner = (leaving == _ALONE) & (coming == _ALONE)
    along = (leaving != _ALONE) & (coming != _ALONE) & (after[coming] == leaving)
    # At the tip of a spike a ring comes back along itself.
    return np.asarray(~(has_no_partner | along) | (coming == before))


def _entrances(ring: Ints, first: Mask, partner: Ints) -> Ints:
    """Where to begin each ring: with an arc of a ring before, if it has one."""
    is_earlier_ring = (partner != _ALONE) & (ring[partner] < ring)
    cuts = np.flatnonzero(first)
    best = cuts[np.lexsort((cuts, ~is_earlier_ring[cuts], ring[cuts]))]
    return np.asarray(best[np.diff(ring[best], prepend=-1) != 0])


def _turn(ring: Ints, starts: Ints, sizes: Ints, entrances: Ints) -> Ints:
    """Positions of the rings in order, each from its entrance on."""
    place_in_ring = np.arange(len(ring)) - starts[ring]
    return np.asarray(starts[ring] + (place_in_ring + (entrances - starts)[ring]) % sizes[ring])


def _backs(first: Mask, partner: Ints) -> Ints:
    arc = np.cumsum(first) - 1
    partners = partner[first]
    other = np.where(partners == _ALONE, len(first), arc[partners])
    new = other >= np.arange(len(other))
    number = np.cumsum(new) - 1
    return np.where(new, 0, number + 1 - number[np.where(new, 0, other)])
