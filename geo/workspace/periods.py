"""The workspace: saved periods, confirmed spellings, remembered columns, and the import log.

A folder of plain files, safe to copy and to read by hand::

    state.json               versions of periods and boundaries, the last in force; the log
    import_log.csv           the log as a table, a copy; who did what is not known
    aliases.csv              confirmed spellings and their code, sorted
    mappings.json            roles of columns, by the shape of the file
    periods/2024-10/
        <version>/           people.parquet, rows.csv, matches.csv, unmatched.csv, about.json
    boundaries/              <version>.parquet (see `geo.workspace.saved_boundaries`)
    eligible/                <version>.parquet (see `geo.workspace.saved_eligible`)

A version is never changed once written. Saving writes new ones beside the old, of all periods of
a file, flushes them to the disk and then replaces ``state.json`` in one step, which names them and
logs them; removing puts an empty name there, undoing takes the last name away. So a save that is
broken off, by a fault, a kill or a loss of power, leaves everything as it was; what it has written
is removed before the next change (see `geo.workspace.leftovers`). Only counts are kept, no
identity.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from ..core.errors import FileProblem, mark
from ..core.files import make_folder, write_atomically, written_whole
from ..core.privacy import label_file
from ..counting.count import Counts
from ..gazetteer.aliases import ALIAS_COLUMNS, NAMES, read_aliases
from .leftovers import changing
from .saved_counts import join_counts, of_period, read_about, read_version, write_version
from .saved_state import REMOVED, Entry, State, list_log, read_json, read_state, write_state

# Names of the versions by period, in order.
History = Mapping[str, tuple[str, ...]]
_Read = TypeVar("_Read")


@dataclass(frozen=True)
class SavedPeriod:
    """A period in force.

    Attributes
    ----------
    period : str
        ``2024-10``.
    version : str
        Name of the version.
    people, rows : int
        People counted, and rows of the file.
    about : dict
        File name, SHA-256, when it was saved, and whether it is synthetic.
    together : tuple of str
        Periods in force from the same save, this one among them.
    """

    period: str
    version: str
    people: int
    rows: int
    about: dict[str, Any]
    together: tuple[str, ...]


@dataclass(frozen=True)
class Workspace:
    """A folder of saved periods; it is made on the first save."""

    folder: Path

    # ---- periods ----

    def periods(self) -> list[str]:
        """Periods in force, in order."""
        return read_state(self.folder).in_force()

    def describe(self, period: str) -> SavedPeriod:
        """Read what is saved for a period."""
        return self._read(lambda state: self._describe(state, period))

    def history(self, periods: Iterable[str]) -> History:
        """Versions of periods up to now: what a page shows, to be given to a change of it."""
        state = read_state(self.folder)
        return {period: state.versions(period) for period in periods}

    def undone_with(self, period: str) -> list[str]:
        """Periods that an undo of this one changes: of one save all that are in force."""
        return read_state(self.folder).undone_with(period)

    def save(self, counts: Counts, period: str, about: Mapping[str, Any]) -> SavedPeriod:
        """Save the counts of one period as its version in force (see `save_all`)."""
        return self.save_all(counts, [period], about)[0]

    def save_all(
        self,
        counts: Counts,
        periods: Sequence[str],
        about: Mapping[str, Any],
        *,
        expected: History | None = None,
    ) -> list[SavedPeriod]:
        """Save the counts of periods of one file, all or none; one undo takes all back.

        Parameters
        ----------
        counts : Counts
            What `geo.counting.count.count_people` gave; only these periods are taken.
        periods : sequence of str
            The periods to save.
        about : mapping
            File name and SHA-256 of the file, to be said later.
        expected : mapping, optional
            What `history` said when the change was agreed to; left out: whatever is there.

        Raises
        ------
        FileProblem
            If the folder cannot be written to, or the periods are not as expected any more.
            The workspace is then as before.
        """
        parts = {period: of_period(counts, period) for period in periods}
        label = label_file(str(about.get("file", "")), str(about.get("sha256", "")))
        facts = {p: {**about, "file": label} | _sums(part) for p, part in parts.items()}
        with changing(self.folder) as state:
            _check_unchanged(state, periods, expected)
            name = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
            for period, part in parts.items():
                self._write_version(part, period, name, facts[period])
            versions = {period: (*state.versions(period), name) for period in periods}
            entries = [_entry("import", period, facts[period], "saved") for period in periods]
            changed = state.change(versions, entries)
            write_state(self.folder, changed)
            return [self._describe(changed, period) for period in periods]

    def remove(self, period: str, *, expected: History | None = None) -> None:
        """Take a period out of force; `undo` brings it back. One that is out stays out.

        Raises
        ------
        FileProblem
            If it is not as expected any more (see `save_all`).
        """
        with changing(self.folder) as state:
            _check_unchanged(state, [period], expected)
            if state.version(period):
                versions = {period: (*state.versions(period), REMOVED)}
                entry = _entry("remove", period, {}, "removed")
                write_state(self.folder, state.change(versions, [entry]))

    def undo(self, period: str, *, expected: History | None = None) -> None:
        """Go back to what was in force before the last save or removal.

        A save of several periods is taken back as it was made, in all of them that it is still
        in force in. One that had nothing before it is as if removed, and can be brought back.

        Raises
        ------
        FileProblem
            If the period was never saved, or what `undone_with` gives is not as expected any
            more (see `save_all`).
        """
        with changing(self.folder) as state:
            undone = state.undone_with(period)
            _check_unchanged(state, undone, expected)
            if not state.versions(period):
                raise FileProblem(mark("There is nothing to undo in {period}."), period=period)
            before = {p: state.versions(p)[:-1] or (*state.versions(p), REMOVED) for p in undone}
            entries = [_entry("undo", p, {}, v[-1] or "removed") for p, v in before.items()]
            write_state(self.folder, state.change(before, entries))

    def read_previous(self, period: str) -> Counts:
        """Read the counts of a period before its last change: what `undo` goes back to.

        Raises
        ------
        FileProblem
            If it has no earlier state with counts, or that is damaged.
        """

        def of(state: State) -> Counts:
            earlier = [version for version in state.versions(period)[:-1] if version]
            if not earlier:
                raise FileProblem(mark("{period} has no earlier state."), period=period)
            return read_version(self._home(period) / earlier[-1], period)

        return self._read(of)

    def last_changed(self) -> str:
        """Find the period whose change `undo` has to take back first; empty if there is none."""
        return read_state(self.folder).last_changed()

    def removed_periods(self) -> list[str]:
        """Periods that were removed and can be brought back."""
        return read_state(self.folder).removed()

    def read_counts(self, period: str | None = None) -> Counts:
        """Read the counts of one period, or of all in force together.

        Raises
        ------
        FileProblem
            If a saved file is missing or damaged.
        """

        def of(state: State) -> Counts:
            periods = state.in_force() if period is None else [period]
            return join_counts([read_version(self._home(p) / state.version(p), p) for p in periods])

        return self._read(of)

    def _read(self, read: Callable[[State], _Read]) -> _Read:
        """Read from a state, and again where another process has changed it meanwhile.

        A reader takes no lock: what it reads of a version that was undone may be removed.
        """
        while True:
            state = read_state(self.folder)
            try:
                return read(state)
            except FileProblem:
                if read_state(self.folder) == state:
                    raise

    def _describe(self, state: State, period: str) -> SavedPeriod:
        version, together = state.version(period), tuple(state.together(period))
        about = read_about(self._home(period) / version, period)
        return SavedPeriod(
            period=period,
            version=version,
            people=about["people"],
            rows=about["rows"],
            about=about,
            together=together,
        )

    def _home(self, period: str) -> Path:
        return self.folder / "periods" / period

    def _write_version(self, counts: Counts, period: str, name: str, facts: dict[str, Any]) -> None:
        home = self._home(period)
        make_folder(home)
        with written_whole(home / name, durable=True) as part:
            part.mkdir()
            write_version(counts, part, facts)

    # ---- spellings and columns ----

    def aliases(self) -> pd.DataFrame:
        """Read confirmed spellings as they stand in the file, not yet checked.

        `geo.gazetteer.aliases.check_aliases` checks them.

        Raises
        ------
        FileProblem
            If the file is there but is not understood; it is never written over then.
        """
        path = self.folder / "aliases.csv"
        if not path.is_file():
            return pd.DataFrame(columns=list(ALIAS_COLUMNS), dtype="str")
        return read_aliases(path)

    def add_aliases(self, confirmed: pd.DataFrame) -> int:
        """Keep spellings; a newer one replaces an older one. Gives how many there are now."""
        names = list(NAMES)
        with changing(self.folder):
            table = pd.concat([self.aliases(), confirmed]).fillna("")
            table = table.drop_duplicates(names, keep="last")
            table = table.sort_values(names, ignore_index=True)
            body = table.to_csv(index=False, lineterminator="\n").encode()
            write_atomically(self.folder / "aliases.csv", body, durable=True)
        return len(table)

    def mapping(self, fingerprint: str) -> dict[str, str]:
        """Roles of columns confirmed for files of this shape; empty if none were."""
        return self.mappings().get(fingerprint, {})

    def mappings(self) -> dict[str, dict[str, str]]:
        """Roles of columns confirmed so far, by the fingerprint of the files."""
        mappings = read_json(self.folder / "mappings.json", {})
        return {shape: dict(roles) for shape, roles in mappings.items() if isinstance(roles, dict)}

    def remember_mapping(self, fingerprint: str, roles: Mapping[str, str]) -> None:
        """Keep the roles of columns for the next file of this shape."""
        with changing(self.folder):
            mappings = read_json(self.folder / "mappings.json", {}) | {fingerprint: dict(roles)}
            body = json.dumps(mappings, indent=1, sort_keys=True).encode()
            write_atomically(self.folder / "mappings.json", body, durable=True)

    # ---- the log ----

    def log(self) -> pd.DataFrame:
        """List what was done, the latest first."""
        return list_log(read_state(self.folder)).iloc[::-1].reset_index(drop=True)


def _check_unchanged(state: State, periods: Iterable[str], expected: History | None) -> None:
    """Asked when nobody else writes: another window may have changed what was shown."""
    if expected is None:
        return
    now = {period: state.versions(period) for period in periods}
    changed = sorted(p for p in {*now, *expected} if now.get(p) != expected.get(p))
    if changed:
        raise FileProblem(
            mark("{periods} was changed meanwhile; nothing was done. Look at it again."),
            periods=", ".join(changed),
        )


def _entry(action: str, period: str, facts: Mapping[str, Any], outcome: str) -> Entry:
    """Write what the log says of a change."""
    texts = {name: str(facts.get(name, "")) for name in ("file", "sha256", "rows", "people")}
    return {"when": _now(), "action": action, "period": period, "outcome": outcome, **texts}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _sums(part: Counts) -> dict[str, Any]:
    """Write what is said of a version beside its files."""
    return {
        "saved": _now(),
        "people": int(part.people["people"].sum()),
        "rows": int(part.rows.sum().sum()),
        "moved": int(part.moved.sum()),
        "claimed": int(part.claimed.sum()),
        "synthetic": part.synthetic,
    }
