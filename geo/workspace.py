"""The workspace: saved periods, confirmed spellings, remembered columns, and the import log.

A folder of plain files, safe to copy and to read by hand::

    aliases.csv              confirmed spellings and their code, sorted
    mappings.json            roles of columns, by the shape of the file
    import_log.csv           what was done when; who did it is not known
    periods/2024-10/
        versions.json        names of the versions in order; the last is in force
        <version>/           people.parquet, rows.csv, matches.csv, unmatched.csv, about.json

A version is never changed once written: saving writes a new one beside it and then puts its name
into ``versions.json`` in one step, removing puts an empty name there, undoing takes the last name
away. So a save that is broken off leaves everything as it was. Only counts are kept, no identity.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from .aliases import ALIAS_COLUMNS, NAMES, read_aliases
from .count import Counts
from .errors import FileProblem, mark
from .files import one_writer, write_atomically, written_whole
from .privacy import hide_numbers
from .saved_counts import (
    join_counts,
    of_period,
    read_about,
    read_json,
    read_version,
    read_versions,
    write_version,
)
from .tables import read_text

LOG_COLUMNS: Final = ("when", "action", "period", "file", "sha256", "rows", "people", "outcome")
_REMOVED: Final = ""

# Names of the versions by period, in order.
History = Mapping[str, tuple[str, ...]]


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
        found = (path.parent.name for path in self.folder.glob("periods/*/versions.json"))
        return sorted(period for period in found if self._version(period))

    def describe(self, period: str) -> SavedPeriod:
        """What is saved for a period."""
        version = self._version(period)
        about = read_about(self._home(period) / version, period)
        together = tuple(self._together(period))
        return SavedPeriod(period, version, about["people"], about["rows"], about, together)

    def history(self, periods: Iterable[str]) -> History:
        """Versions of periods up to now: what a page shows, to be given to a change of it."""
        return {period: tuple(self._versions(period)) for period in periods}

    def undone_with(self, period: str) -> list[str]:
        """Periods that an undo of this one changes: of one save all that are in force."""
        return self._together(period) or [period]

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
            What `geo.count.count_people` gave; only these periods are taken.
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
        name = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        parts = {period: of_period(counts, period) for period in periods}
        # A file may be named by whom it is about.
        about = dict(about) | {"file": hide_numbers(str(about.get("file", "")))}
        facts = {period: about | _sums(part) for period, part in parts.items()}
        with one_writer(self.folder):
            self._check_unchanged(periods, expected)
            for period, part in parts.items():
                self._write_version(part, period, name, facts[period])
            for period in periods:
                self._note("import", period, facts[period], "saved")
            self._put_all({period: [*self._versions(period), name] for period in periods})
        return [self.describe(period) for period in periods]

    def remove(self, period: str, *, expected: History | None = None) -> None:
        """Take a period out of force; `undo` brings it back. One that is out stays out.

        Raises
        ------
        FileProblem
            If it is not as expected any more (see `save_all`).
        """
        with one_writer(self.folder):
            self._check_unchanged([period], expected)
            if self._version(period):
                self._note("remove", period, {}, "removed")
                self._put(period, [*self._versions(period), _REMOVED])

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
        with one_writer(self.folder):
            self._check_unchanged(self.undone_with(period), expected)
            if not self._versions(period):
                raise FileProblem(mark("There is nothing to undo in {period}."), period=period)
            states = {p: self._before(p) for p in self.undone_with(period)}
            for each, versions in states.items():
                self._note("undo", each, {}, versions[-1] or "removed")
            self._put_all(states)

    def _check_unchanged(self, periods: Iterable[str], expected: History | None) -> None:
        """Asked when nobody else writes: another window may have changed what was shown."""
        if expected is None:
            return
        now = self.history(periods)
        changed = sorted(p for p in {*now, *expected} if now.get(p) != expected.get(p))
        if changed:
            raise FileProblem(
                mark("{periods} was changed meanwhile; nothing was done. Look at it again."),
                periods=", ".join(changed),
            )

    def _before(self, period: str) -> list[str]:
        versions = self._versions(period)
        return versions[:-1] or [*versions, _REMOVED]

    def _together(self, period: str) -> list[str]:
        """Periods in force from the same save as this one, itself among them."""
        version = self._version(period)
        return [p for p in self.periods() if version and self._version(p) == version]

    def read_previous(self, period: str) -> Counts:
        """Counts of a period before its last change: what `undo` goes back to.

        Raises
        ------
        FileProblem
            If it has no earlier state with counts, or that is damaged.
        """
        earlier = [version for version in self._versions(period)[:-1] if version]
        if not earlier:
            raise FileProblem(mark("{period} has no earlier state."), period=period)
        return read_version(self._home(period) / earlier[-1], period)

    def last_changed(self) -> str:
        """The period whose change `undo` has to take back first; empty if there is none."""
        changed: list[str] = []
        for entry in self.log().iloc[::-1].to_dict("records"):
            if entry["action"] != "undo":
                changed.append(entry["period"])
            elif entry["period"] in changed:
                del changed[len(changed) - 1 - changed[::-1].index(entry["period"])]
            else:
                # What had nothing before it was undone already: this brought it back.
                changed.append(entry["period"])
        return changed[-1] if changed else ""

    def removed_periods(self) -> list[str]:
        """Periods that were removed and can be brought back."""
        found = (path.parent.name for path in self.folder.glob("periods/*/versions.json"))
        return sorted(p for p in found if not self._version(p) and any(self._versions(p)))

    def read_counts(self, period: str | None = None) -> Counts:
        """Counts of one period, or of all in force together.

        Raises
        ------
        FileProblem
            If a saved file is missing or damaged.
        """
        wanted = self.periods() if period is None else [period]
        parts = [read_version(self._home(p) / self._version(p), p) for p in wanted]
        return join_counts(parts)

    def _home(self, period: str) -> Path:
        return self.folder / "periods" / period

    def _versions(self, period: str) -> list[str]:
        return read_versions(self._home(period) / "versions.json")

    def _version(self, period: str) -> str:
        versions = self._versions(period)
        return versions[-1] if versions else _REMOVED

    def _put(self, period: str, versions: list[str]) -> None:
        write_atomically(self._home(period) / "versions.json", json.dumps(versions).encode())

    def _put_all(self, states: Mapping[str, list[str]]) -> None:
        """All of them or none, as far as the disk lets us."""
        before = {period: self._versions(period) for period in states}
        try:
            for period, versions in states.items():
                self._put(period, versions)
        except OSError:
            for period, versions in before.items():
                if self._versions(period) != versions:
                    self._put(period, versions)
            raise

    def _write_version(self, counts: Counts, period: str, name: str, facts: dict[str, Any]) -> None:
        home = self._home(period)
        home.mkdir(parents=True, exist_ok=True)
        with written_whole(home / name) as part:
            part.mkdir()
            write_version(counts, part, facts)

    # ---- spellings and columns ----

    def aliases(self) -> pd.DataFrame:
        """Confirmed spellings as they stand in the file (see `geo.aliases.check_aliases`).

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
        with one_writer(self.folder):
            table = pd.concat([self.aliases(), confirmed]).fillna("")
            table = table.drop_duplicates(names, keep="last")
            table = table.sort_values(names, ignore_index=True)
            body = table.to_csv(index=False, lineterminator="\n").encode()
            write_atomically(self.folder / "aliases.csv", body)
        return len(table)

    def mapping(self, fingerprint: str) -> dict[str, str]:
        """Roles of columns confirmed for files of this shape; empty if none were."""
        return self.mappings().get(fingerprint, {})

    def mappings(self) -> dict[str, dict[str, str]]:
        """Roles of columns confirmed so far, by the fingerprint of the files."""
        known = read_json(self.folder / "mappings.json", {})
        return {shape: dict(roles) for shape, roles in known.items() if isinstance(roles, dict)}

    def remember_mapping(self, fingerprint: str, roles: Mapping[str, str]) -> None:
        """Keep the roles of columns for the next file of this shape."""
        with one_writer(self.folder):
            known = read_json(self.folder / "mappings.json", {}) | {fingerprint: dict(roles)}
            body = json.dumps(known, indent=1, sort_keys=True).encode()
            write_atomically(self.folder / "mappings.json", body)

    # ---- the log ----

    def log(self) -> pd.DataFrame:
        """What was done, the latest first."""
        path = self.folder / "import_log.csv"
        if not path.is_file():
            return pd.DataFrame(columns=list(LOG_COLUMNS), dtype="str")
        table = read_text(path).reindex(columns=list(LOG_COLUMNS), fill_value="")
        return table.iloc[::-1].reset_index(drop=True)

    def _note(self, action: str, period: str, facts: Mapping[str, Any], outcome: str) -> None:
        entry = {
            "when": _now(),
            "action": action,
            "period": period,
            "outcome": outcome,
            **{name: str(facts.get(name, "")) for name in ("file", "sha256", "rows", "people")},
        }
        lines = [self.log().iloc[::-1], pd.DataFrame([entry])]
        table = pd.concat(lines)[list(LOG_COLUMNS)]
        body = table.to_csv(index=False, lineterminator="\n").encode()
        write_atomically(self.folder / "import_log.csv", body)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _sums(part: Counts) -> dict[str, Any]:
    """What is said of a version beside its files."""
    return {
        "saved": _now(),
        "people": int(part.people["people"].sum()),
        "rows": int(part.rows.sum().sum()),
        "moved": int(part.moved.sum()),
        "claimed": int(part.claimed.sum()),
        "synthetic": part.synthetic,
    }
