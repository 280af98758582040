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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
from filelock import FileLock, Timeout

from .aliases import ALIAS_COLUMNS, NAMES, read_aliases
from .count import OUTCOMES, Counts
from .errors import UNREADABLE, FileProblem, mark
from .files import write_atomically, written_whole
from .tables import read_text

LOG_COLUMNS: Final = ("when", "action", "period", "file", "sha256", "rows", "people", "outcome")
_TABLES: Final = ("rows", "matches", "unmatched")
_NUMBERS: Final = {"rows", "people", "moved", "claimed", *OUTCOMES}
_REMOVED: Final = ""
_PATIENCE: Final = 20.0  # seconds


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
    can_undo : bool
        Whether there is an earlier state to go back to.
    """

    period: str
    version: str
    people: int
    rows: int
    about: dict[str, Any]
    can_undo: bool


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
        about = _read_json(self._home(period) / version / "about.json", {})
        if not {"people", "rows"} <= set(about):
            raise _damaged(period)
        return SavedPeriod(
            period,
            version,
            int(about["people"]),
            int(about["rows"]),
            about,
            len(self._versions(period)) > 1,
        )

    def save(self, counts: Counts, period: str, about: Mapping[str, Any]) -> SavedPeriod:
        """Save the counts of one period as its version in force.

        Parameters
        ----------
        counts : Counts
            What `geo.count.count_people` gave; only this period is taken.
        period : str
            The period to save.
        about : mapping
            File name and SHA-256 of the file, to be said later.

        Raises
        ------
        FileProblem
            If the folder cannot be written to. The workspace is then as before.
        """
        part = _of_period(counts, period)
        people = int(part.people["people"].sum())
        rows = int(part.rows.sum().sum())
        facts = dict(about) | {
            "saved": _now(),
            "people": people,
            "rows": rows,
            "moved": int(part.moved.sum()),
            "claimed": int(part.claimed.sum()),
            "synthetic": part.synthetic,
        }
        with self._writing():
            version = self._write_version(part, period, facts)
            self._note("import", period, facts, "saved")
            self._put(period, [*self._versions(period), version])
        return self.describe(period)

    def remove(self, period: str) -> None:
        """Take a period out of force; `undo` brings it back. One that is out stays out."""
        with self._writing():
            if self._version(period):
                self._note("remove", period, {}, "removed")
                self._put(period, [*self._versions(period), _REMOVED])

    def undo(self, period: str) -> None:
        """Go back to what was in force before the last save or removal.

        Raises
        ------
        FileProblem
            If the period was never saved, or all of it is undone.
        """
        if not self._versions(period):
            raise FileProblem(mark("There is nothing to undo in {period}."), period=period)
        with self._writing():
            versions = self._versions(period)[:-1]
            self._note("undo", period, {}, versions[-1] if versions else "removed")
            self._put(period, versions)

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
        return _read_version(self._home(period) / earlier[-1], period)

    def last_changed(self) -> str:
        """The period whose change `undo` has to take back first; empty if there is none."""
        changed: list[str] = []
        for entry in self.log().iloc[::-1].to_dict("records"):
            if entry["action"] != "undo":
                changed.append(entry["period"])
            elif entry["period"] in changed:
                del changed[len(changed) - 1 - changed[::-1].index(entry["period"])]
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
        parts = [_read_version(self._home(p) / self._version(p), p) for p in wanted]
        return join_counts(parts)

    def _home(self, period: str) -> Path:
        return self.folder / "periods" / period

    def _versions(self, period: str) -> list[str]:
        return list(_read_json(self._home(period) / "versions.json", []))

    def _version(self, period: str) -> str:
        versions = self._versions(period)
        return versions[-1] if versions else _REMOVED

    def _put(self, period: str, versions: list[str]) -> None:
        write_atomically(self._home(period) / "versions.json", json.dumps(versions).encode())

    def _write_version(self, counts: Counts, period: str, facts: Mapping[str, Any]) -> str:
        home = self._home(period)
        home.mkdir(parents=True, exist_ok=True)
        name = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        with written_whole(home / name) as part:
            part.mkdir()
            counts.people.to_parquet(part / "people.parquet", index=False)
            for table in _TABLES:
                getattr(counts, table).to_csv(part / f"{table}.csv", index=table == "rows")
            (part / "about.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        return name

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
        with self._writing():
            table = pd.concat([self.aliases(), confirmed]).fillna("")
            table = table.drop_duplicates(names, keep="last")
            table = table.sort_values(names, ignore_index=True)
            body = table.to_csv(index=False, lineterminator="\n").encode()
            write_atomically(self.folder / "aliases.csv", body)
        return len(table)

    def mapping(self, fingerprint: str) -> dict[str, str]:
        """Roles of columns confirmed for files of this shape; empty if none were."""
        return dict(_read_json(self.folder / "mappings.json", {}).get(fingerprint, {}))

    def remember_mapping(self, fingerprint: str, roles: Mapping[str, str]) -> None:
        """Keep the roles of columns for the next file of this shape."""
        with self._writing():
            known = _read_json(self.folder / "mappings.json", {}) | {fingerprint: dict(roles)}
            body = json.dumps(known, indent=1, sort_keys=True).encode()
            write_atomically(self.folder / "mappings.json", body)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time; what the system says becomes a sentence."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".lock", timeout=_PATIENCE):
                yield
        except (OSError, Timeout) as error:
            raise FileProblem(
                mark("The workspace {path} cannot be written: {reason}."),
                path=str(self.folder),
                reason=getattr(error, "strerror", None) or str(error),
            ) from error

    # ---- the log ----

    def log(self) -> pd.DataFrame:
        """What was done, the latest first."""
        path = self.folder / "import_log.csv"
        if not path.is_file():
            return pd.DataFrame(columns=list(LOG_COLUMNS), dtype="str")
        return read_text(path).iloc[::-1].reset_index(drop=True)

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


def join_counts(parts: list[Counts]) -> Counts:
    """Counts of several periods as one.

    Raises
    ------
    ValueError
        If there is none.
    """
    return Counts(
        people=pd.concat([p.people for p in parts], ignore_index=True),
        rows=pd.concat([p.rows for p in parts]).groupby(level=0).sum(),
        matches=pd.concat([p.matches for p in parts], ignore_index=True),
        unmatched=pd.concat([p.unmatched for p in parts], ignore_index=True),
        synthetic=any(p.synthetic for p in parts),
        moved=pd.concat([p.moved for p in parts]),
        claimed=pd.concat([p.claimed for p in parts]),
    )


def _of_period(counts: Counts, period: str) -> Counts:
    """One period of counts; rows that say no period belong to the file, so to it too."""

    def here(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["period"] == period].reset_index(drop=True)

    rows = counts.rows[counts.rows.index.isin([period, ""])].sum().to_frame(period).T
    return Counts(
        people=here(counts.people),
        rows=rows.rename_axis("period"),
        matches=here(counts.matches),
        unmatched=here(counts.unmatched),
        synthetic=counts.synthetic,
        moved=counts.moved[counts.moved.index == period],
        claimed=counts.claimed[counts.claimed.index == period],
    )


def _read_version(folder: Path, period: str) -> Counts:
    try:
        people = pd.read_parquet(folder / "people.parquet").astype({"code": "str"})
        tables = {name: _numbers(read_text(folder / f"{name}.csv")) for name in _TABLES}
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    except (*UNREADABLE, KeyError) as error:
        raise _damaged(period) from error
    return Counts(
        people=people,
        rows=tables["rows"].set_index("period"),
        matches=tables["matches"],
        unmatched=tables["unmatched"],
        synthetic=bool(about["synthetic"]),
        moved=pd.Series({period: about["moved"]}, dtype="int64"),
        claimed=pd.Series({period: about["claimed"]}, dtype="int64"),
    )


def _damaged(period: str) -> FileProblem:
    return FileProblem(
        mark("The saved period {period} is damaged; undo its last change or import it again."),
        period=period,
    )


def _numbers(table: pd.DataFrame) -> pd.DataFrame:
    counted = [column for column in table.columns if column in _NUMBERS]
    return table.astype(dict.fromkeys(counted, "int64"))


def _read_json(path: Path, default: Any) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return default
    except UNREADABLE as error:
        raise FileProblem(
            mark("{path} is damaged; repair it or put it back from a copy."), path=str(path)
        ) from error


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
