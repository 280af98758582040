"""Our side of a set of villages: a layer, a workspace of counts and a table of eligible workers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from bench.compare.villages import LAYER, SETS, draw_figures
from geo.counting.count import OUTCOMES, SUGGESTED, Counts
from geo.measures.dataset import Dataset, open_dataset
from geo.workspace.periods import Workspace

PERIOD = "2024-10"
PLACE_COLUMNS = ("village", "subdistrict", "regency", "province", "code")


@dataclass(frozen=True)
class OwnData:
    """Files the app reads, in a folder.

    Attributes
    ----------
    folder : pathlib.Path
        Where they are.
    size : int
        A key of `bench.compare.villages.SETS`.
    prepared : pathlib.Path, optional
        A cache in which the layer is prepared already; by default one of its own.
    """

    folder: Path
    size: int
    prepared: Path | None = None

    @property
    def cache(self) -> Path:
        """Folder of prepared shapes."""
        return self.prepared or self.folder / "cache"

    @property
    def layer(self) -> Path:
        """The layer of villages; the whole country is read where it is."""
        return self.folder / "villages.parquet" if SETS[self.size] else LAYER

    def settings(self) -> dict[str, str]:
        """Variables that make the app show this."""
        return {
            "JANGKAU_BOUNDARIES": str(self.layer),
            "JANGKAU_WORKSPACE": str(self.folder / "workspace"),
            "JANGKAU_ELIGIBLE": str(self.folder / "eligible.csv"),
            "JANGKAU_CACHE": str(self.cache),
        }

    def write(self, villages: gpd.GeoDataFrame) -> None:
        """Write the files; the layer keeps the names of fields it came with."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.layer != LAYER:
            villages.to_parquet(self.layer)
        figures = draw_figures(villages["kode"]).assign(code=villages["kode"])
        eligible = figures[["code", "eligible"]].assign(source="synthetic")
        eligible.to_csv(self.folder / "eligible.csv", index=False)
        workspace = Workspace(self.folder / "workspace")
        workspace.save(_counts(figures), PERIOD, {"file": "", "sha256": ""})

    def open(self) -> Dataset:
        """The dataset as the app opens it."""
        return open_dataset(
            self.layer,
            eligible=self.folder / "eligible.csv",
            workspace=Workspace(self.folder / "workspace"),
            cache=self.cache,
        )


def _counts(figures: pd.DataFrame) -> Counts:
    people = pd.DataFrame(
        {
            "period": PERIOD,
            "code": figures["code"],
            "combination": "bpu:jkk+jkm",
            "people": figures["enrolled"],
        }
    )
    period = pd.Index([PERIOD], name="period")
    rows = pd.DataFrame(0, index=period, columns=list(OUTCOMES))
    rows["counted"] = len(people)
    total = int(people["people"].sum())
    report = [[PERIOD, "matched", "code", len(people), total]]
    columns = ["period", "outcome", "method", "rows", "people"]
    return Counts(
        people=people,
        rows=rows,
        matches=pd.DataFrame(report, columns=columns),
        unmatched=pd.DataFrame(columns=[*columns[:2], *PLACE_COLUMNS, *SUGGESTED, *columns[3:]]),
        synthetic=True,
        moved=pd.Series({PERIOD: 0}),
        claimed=pd.Series({PERIOD: total}),
    )
