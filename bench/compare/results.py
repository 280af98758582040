"""What was measured, as plain values, kept as JSON so that sizes can be measured one by one."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.compare.build import Built
from bench.compare.own_app import Visited
from bench.compare.pages import Shown

GIVEN, SAME = "as given", "same tolerance"
OURS = "ours"


@dataclass
class Page:
    """A tool's page: how it was built, how it was shown, or why it was not."""

    tool: str
    variant: str
    built: Built | None = None
    shown: list[Shown] = field(default_factory=list)
    why_not: str = ""

    def figure(self, name: str) -> float | None:
        """A figure by name: of `Built`, or the median of `Shown`; None where there is none."""
        if self.built is not None and hasattr(self.built, name):
            return float(getattr(self.built, name))
        found = [getattr(each, name, None) for each in self.shown]
        known = [value for value in found if value is not None]
        return float(median(known)) if known else None


@dataclass
class SetResult:
    """Everything measured of one set of villages.

    Attributes
    ----------
    size : int
        Villages.
    when, commit : str
        Day and hour, and the revision measured.
    turns : dict of str to int
        How often each tool was measured; the medians are of so many.
    pages : list of Page
        Ours and the peers'.
    visits : list of Visited
        The running app.
    preparing : float
        Seconds to prepare the geometry, once for a layer.
    preparing_memory : int
        Peak resident bytes of that.
    vertices : dict of str to int
        By variant: what the peers draw.
    load : float
        Load of the machine when it began.
    pace : float
        Seconds that a fixed piece of Python took then: machines are not equally fast each day.
    """

    size: int
    when: str
    commit: str
    turns: dict[str, int]
    pages: list[Page] = field(default_factory=list)
    visits: list[Visited] = field(default_factory=list)
    preparing: float = 0.0
    preparing_memory: int = 0
    vertices: dict[str, int] = field(default_factory=dict)
    load: float = 0.0
    pace: float = 0.0

    def page(self, tool: str, variant: str = GIVEN) -> Page | None:
        """A tool's page."""
        found = (p for p in self.pages if p.tool == tool and p.variant == variant)
        return next(found, None)

    def visit(self, name: str) -> float | None:
        """Median of a figure of the visits to the app."""
        return float(median(getattr(v, name) for v in self.visits)) if self.visits else None

    def save(self, folder: Path) -> None:
        """Keep as JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), indent=1)
        (folder / f"{self.size}.json").write_text(text, encoding="utf-8")


def read_results(folder: Path) -> list[SetResult]:
    """All sets on record, the smallest first."""
    found = [_read(path) for path in folder.glob("*.json")]
    return sorted(found, key=lambda result: result.size)


def _read(path: Path) -> SetResult:
    kept = json.loads(path.read_text(encoding="utf-8"))
    pages = [
        Page(
            page["tool"],
            page["variant"],
            Built(**page["built"]) if page["built"] else None,
            [Shown(**shown) for shown in page["shown"]],
            page["why_not"],
        )
        for page in kept.pop("pages")
    ]
    visits = [Visited(**visit) for visit in kept.pop("visits")]
    return SetResult(**kept, pages=pages, visits=visits)
