"""What must be said about a layer, as an object of a manifest."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

import pandas as pd

from ..boundaries.conventions import Recognition
from ..boundaries.layer_audit import LayerAudit, LayerFacts
from ..core.errors import Note


def facts_to_json(facts: LayerFacts) -> dict[str, Any]:
    """Facts without their tables (`events` of the audit, `unmatched`)."""
    audit = facts.audit
    texts = ("rows_in", "villages", "layer", "kind", "crs", "encoding", "scheme")
    return {
        "source": facts.source,
        "date": facts.date.isoformat() if facts.date else None,
        "approximate": facts.approximate,
        "audit": {name: getattr(audit, name) for name in texts},
        "recognition": asdict(audit.recognition) if audit.recognition else None,
        "notes": [asdict(note) for note in audit.notes],
    }


def facts_from_json(
    facts: dict[str, Any], events: pd.DataFrame, unmatched: pd.DataFrame
) -> LayerFacts:
    """Facts as `facts_to_json` and the two tables hold them.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the object is none of ours.
    """
    audit = LayerAudit(
        **facts["audit"],
        recognition=_recognition(facts["recognition"]) if facts["recognition"] else None,
        events=events,
        notes=tuple(Note(**note) for note in facts["notes"]),
    )
    date = dt.date.fromisoformat(facts["date"]) if facts["date"] else None
    return LayerFacts(
        source=facts["source"],
        date=date,
        approximate=facts["approximate"],
        audit=audit,
        unmatched=unmatched,
    )


def _recognition(facts: dict[str, Any]) -> Recognition:
    examples = {field: tuple(values) for field, values in facts["examples"].items()}
    lists = {name: tuple(facts[name]) for name in ("code", "damaged")}
    return Recognition(**facts | lists | {"examples": examples})
