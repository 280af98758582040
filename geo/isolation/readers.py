"""The readers as page and command line call them: each in a process of its own, with limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ..boundaries.conventions import Recognition
from ..boundaries.layers import Layer
from ..boundaries.reading import Boundaries
from ..core.errors import FileProblem, mark
from ..core.files import Upload, require_file
from ..counting.count import Counts
from ..enrolment.reading import EnrolmentReading
from ..gazetteer import Gazetteer
from ..reconcile.reconcile import Reconciliation
from .limits import DEFAULT_MEMORY, DEFAULT_SECONDS, Limits, parse_memory
from .process import Progress, run_isolated

DEFAULT_LIMITS: Final = Limits(parse_memory(DEFAULT_MEMORY), DEFAULT_SECONDS)


def _no_progress(step: str, done: float | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class IsolatedReaders:
    """Readers of files from strangers.

    Attributes
    ----------
    limits : Limits
        What each reading may use.
    progress : callable
        Told the step and the share done (see `geo.isolation.process.run_isolated`).
    """

    limits: Limits = DEFAULT_LIMITS
    progress: Progress = _no_progress

    def read_enrolment(
        self,
        file: Path | Upload,
        *,
        remembered: Mapping[str, Mapping[str, str]] | None = None,
        **options: Any,
    ) -> EnrolmentReading:
        """Read an enrolment table.

        Parameters
        ----------
        file : pathlib.Path or Upload
            The table.
        remembered : mapping, optional
            Roles of columns by the fingerprint of a file.
        **options
            Those of `geo.enrolment.reading.read_enrolment`.

        Raises
        ------
        JangkauError
            As `geo.enrolment.reading.read_enrolment`; `FileProblem` where a limit is met.
        """
        require_file(file)
        reading: EnrolmentReading = run_isolated(
            "geo.isolation.table_tasks:read_table_of_people",
            {
                "path": file.absolute() if isinstance(file, Path) else None,
                "remembered": remembered or {},
                **options,
            },
            label=file.name,
            limits=self.limits,
            uploads=[file] if isinstance(file, Upload) else [],
            readable=[file] if isinstance(file, Path) else [],
            progress=self.progress,
        )
        return reading

    def read_rows(self, file: Path | Upload) -> list[tuple[int, list[str]]]:
        """Read every row of a table as text, or of a GeoPackage's layer of visits.

        See `geo.enrolment.sheets.read_rows` and `geo.isolation.visit_layer.read_visit_rows`.
        """
        require_file(file)
        rows: list[tuple[int, list[str]]] = run_isolated(
            "geo.isolation.table_tasks:read_rows_of",
            {"path": file.absolute() if isinstance(file, Path) else None},
            label=file.name,
            limits=self.limits,
            uploads=[file] if isinstance(file, Upload) else [],
            readable=[file] if isinstance(file, Path) else [],
            progress=self.progress,
        )
        return rows

    def count_people(
        self, reading: EnrolmentReading, gazetteer: Gazetteer, aliases: pd.DataFrame
    ) -> Counts:
        """Match and count the records of a reading (see `geo.counting.count.count_people`).

        A file of nothing but unknown spellings takes a millisecond for each of them.
        """
        counts: Counts = run_isolated(
            "geo.isolation.table_tasks:count_records",
            {"records": reading.records, "gazetteer": gazetteer, "aliases": aliases},
            label=reading.file,
            limits=self.limits,
            progress=self.progress,
        )
        return counts

    def reconcile(
        self, candidates: Path | Upload, enrolled: Path | Upload, gazetteer: Gazetteer
    ) -> Reconciliation:
        """Match two lists of people (see `geo.reconcile.reconcile.reconcile_files`).

        Parameters
        ----------
        candidates, enrolled : pathlib.Path or Upload
            Both paths, or both in memory.
        gazetteer : Gazetteer
            Places to match to.

        Raises
        ------
        JangkauError
            As `geo.reconcile.reconcile.reconcile_files`; `FileProblem` where a limit is met.
        """
        files = (candidates, enrolled)
        for file in files:
            require_file(file)
        paths = [file.absolute() for file in files if isinstance(file, Path)]
        uploads = [file for file in files if isinstance(file, Upload)]
        # Two files may bear one name.
        numbered = [Upload(f"{at}", upload.data) for at, upload in enumerate(uploads)]
        names = [upload.name for upload in uploads]
        found: Reconciliation = run_isolated(
            "geo.isolation.table_tasks:reconcile_lists",
            {"paths": paths, "names": names, "gazetteer": gazetteer},
            label=", ".join(file.name for file in files),
            limits=self.limits,
            uploads=numbered,
            readable=paths,
            progress=self.progress,
        )
        return found

    def list_layers(self, files: Sequence[Upload]) -> list[Layer]:
        """List the layers of a boundary file (see `geo.boundaries.layers.list_layers`)."""
        layers: list[Layer] = self._read_layer("list_layers_of", files)
        return layers

    def guess_fields(
        self, files: Sequence[Upload], layer: str | None = None
    ) -> tuple[Recognition, dict[str, tuple[str, ...]]]:
        """Say what fields are taken for (see `geo.boundaries.reading.guess_fields`)."""
        fields: tuple[Recognition, dict[str, tuple[str, ...]]] = self._read_layer(
            "guess_fields_of", files, layer=layer
        )
        return fields

    def read_boundaries(self, files: Sequence[Upload], **options: Any) -> Boundaries:
        """Read a layer of villages (see `geo.boundaries.reading.read_boundaries`)."""
        boundaries: Boundaries = self._read_layer("read_boundaries_of", files, **options)
        return boundaries

    def _read_layer(self, task: str, files: Sequence[Upload], **options: Any) -> Any:
        names = [file.name for file in files]
        if len(set(names)) < len(names):
            raise FileProblem(
                mark("{path} was given twice; give each file once."),
                path=next(name for name in names if names.count(name) > 1),
            )
        return run_isolated(
            f"geo.isolation.layer_tasks:{task}",
            {"paths": [], **options},
            label=", ".join(names),
            limits=self.limits,
            uploads=files,
            progress=self.progress,
        )
