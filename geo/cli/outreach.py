"""``python -m geo plan``, ``rounds``, ``worklist``, ``field``: visits on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from ..core.defaults import DEFAULT_TARGET, SAMPLE_ENROLMENT
from ..core.errors import QueryProblem, mark
from ..core.i18n import Language, get_language
from ..gazetteer.places import read_place_names
from ..measures.dataset import Dataset, open_dataset
from ..measures.query import Query
from ..measures.view import build_view
from ..outreach.choose import Plan, choose_villages
from ..outreach.explain import count_next
from ..outreach.field.formats import FIELD_FORMATS
from ..outreach.field.plan import build_field_plan
from ..outreach.field.results import is_json, read_json_rows
from ..outreach.inputs import (
    GOAL_LABELS,
    PlanInputs,
    build_problem,
    list_promised,
    read_content,
    write_content,
)
from ..outreach.problem import GoalKind, Purse
from ..outreach.progress import list_visits, only_team, order_visits
from ..outreach.round_plan import make_rounds, rounds_sentences, rounds_to_json
from ..outreach.rounds import RoundRules
from ..outreach.store import PlanStore, SavedPlan
from ..outreach.telling import plan_sentences
from ..outreach.travel import DEFAULT_FACTOR, DEFAULT_SPEED, Travel, read_minutes
from ..outreach.villages import list_villages
from ..outreach.worklist import OUTCOMES, RowOutcome, count_outcomes, take_back, write_worklist
from ..workspace.periods import Workspace
from .options import (
    BoundariesOption,
    EnrolmentOption,
    TargetOption,
)
from .support import (
    CacheOption,
    LanguageOption,
    check_suffix,
    find_boundaries,
    find_cache,
    one_line_errors,
    open_readers,
    print_table,
    progress_bar,
    write_file,
)

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", envvar="JANGKAU_WORKSPACE", help="Folder of saved plans.")
]
NameOption = Annotated[str, typer.Option("--plan", help="Name of the saved plan.")]
_COLUMNS: Final = (
    *("code", "name", "subdistrict", "enrol", "reactivate", "contributions", "visit_cost"),
    *("km", "rate_after"),
)


def plan(
    budget: Annotated[
        int, typer.Option("--budget", min=0, help="Rupiah a year; 0 for no limit.")
    ] = 500_000_000,
    goal: Annotated[GoalKind, typer.Option("--goal", help="What is best.")] = "people",
    share: Annotated[
        float, typer.Option("--share", min=0.01, max=1, help="Of the gap, for the goal visits.")
    ] = 0.5,
    base: Annotated[str, typer.Option("--base", help="Code of the teams' village.")] = "",
    visit: Annotated[int, typer.Option("--visit", min=0, help="Rupiah for a visit.")] = 300_000,
    per_km: Annotated[
        int, typer.Option("--per-km", min=0, help="Rupiah for a km from the base, one way.")
    ] = 6_000,
    most_visits: Annotated[
        int, typer.Option("--visits", min=0, help="Most visits; 0 for no limit.")
    ] = 0,
    least: Annotated[int, typer.Option("--least", min=0, help="Fewest people in a village.")] = 0,
    must: Annotated[list[str] | None, typer.Option("--must", help="Code; repeatable.")] = None,
    must_not: Annotated[
        list[str] | None, typer.Option("--must-not", help="Code; repeatable.")
    ] = None,
    save: Annotated[str, typer.Option("--save", help="Name to save the plan under.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="CSV of the villages.")] = None,
    boundaries: BoundariesOption = None,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    within: Annotated[str, typer.Option("--within", help="Code of an area.")] = "",
    target: TargetOption = DEFAULT_TARGET,
    workspace: WorkspaceOption = Path("workspace"),
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Choose the villages to visit under a budget, and save the plan."""
    language = get_language(lang)
    with one_line_errors(language):
        if out:
            check_suffix(out, (".csv",))
        with progress_bar(language) as step:
            data = _open(boundaries, enrolment, workspace, cache, step)
            query = build_view(data, Query(place=within, target=target)).query
            listed = list_villages(data, query)
            inputs = PlanInputs(
                goal,
                share=share,
                purses=(Purse("APBD", budget or None),),
                base=base,
                fixed=visit,
                per_km=per_km,
                teams=most_visits,
                days=1,
                per_day=1,
                least=least,
                must=tuple(must or ()),
                must_not=tuple(must_not or ()),
            )
            found = choose_villages(build_problem(listed, inputs))
        _tell_plan(found, data, inputs.goal, language)
        if out:
            _write_villages(out, found)
        if save:
            content = write_content(found, inputs, query, synthetic=data.synthetic)
            store = PlanStore(workspace)
            store.save_plan(save, content, list_promised(found), period=query.period)
            typer.echo(language('The plan "{name}" is saved.', name=save))


def _tell_plan(found: Plan, data: Dataset, goal: GoalKind, language: Language) -> None:
    if data.synthetic:
        typer.echo(language("synthetic sample"))
    print_table(
        language(GOAL_LABELS[goal]),
        [
            (language("people covered"), language.count(found.people)),
            (language("villages to visit"), language.count(len(found.visited))),
            (language("a year"), language.money(found.cost)),
            (language("left not covered"), language.count(found.left)),
        ],
    )
    for sentence in plan_sentences(found, count_next(found), language):
        typer.echo(sentence)


def _write_villages(out: Path, found: Plan) -> None:
    rows = found.visited.join(found.problem.villages[["name", "subdistrict", "km"]])
    table = rows.rename_axis("code").reset_index()[list(_COLUMNS)]
    write_file(out, table.to_csv(index=False, lineterminator="\n").encode())


def rounds(
    name: NameOption,
    bases: Annotated[list[str] | None, typer.Option("--base", help="Code; repeatable.")] = None,
    hours: Annotated[float, typer.Option("--hours", min=1, max=24, help="In a day.")] = 8,
    visit_hours: Annotated[
        float, typer.Option("--visit-hours", min=0, max=24, help="In a village.")
    ] = 1,
    factor: Annotated[
        float, typer.Option("--factor", min=1, help="Way over straight line.")
    ] = DEFAULT_FACTOR,
    speed: Annotated[float, typer.Option("--speed", min=1, help="Km an hour.")] = DEFAULT_SPEED,
    minutes: Annotated[
        Path | None, typer.Option("--minutes", help="Table of known ways: from, to, minutes.")
    ] = None,
    boundaries: BoundariesOption = None,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    workspace: WorkspaceOption = Path("workspace"),
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Divide the villages of a saved plan into day rounds, and keep them with it."""
    language = get_language(lang)
    with one_line_errors(language):
        store = PlanStore(workspace)
        saved = find_plan(store, name)
        with progress_bar(language) as step:
            data = _open(boundaries, enrolment, workspace, cache, step)
            inputs, query = read_content(saved.content, data)
            listed = list_villages(data, query)
            known = {}
            if minutes:
                rows = open_readers(step).read_rows(minutes)
                known = read_minutes(rows, listed.villages["name"])
            promised = list_visits(saved, store.follow(saved.key), data.names)["promised"]
            rules = RoundRules(
                tuple(bases or (inputs.without_unknown(listed).base,)),
                day_minutes=round(hours * 60),
                visit_minutes=round(visit_hours * 60),
            )
            travel = Travel(factor, speed)
            made = make_rounds(listed.villages, promised, rules, travel, minutes=known)
        store.change_content(saved.key, saved.content | {"rounds": rounds_to_json(made)})
        for number, route in enumerate(made.rounds, 1):
            stops = " → ".join(str(data.names.get(code, code)) for code in route.villages)
            typer.echo(f"{number}. {stops}")
        for sentence in rounds_sentences(made, data.names, language):
            typer.echo(sentence)


def worklist(
    name: NameOption,
    out: Annotated[Path | None, typer.Option("--out", help="Workbook to write (XLSX).")] = None,
    back: Annotated[
        Path | None, typer.Option("--back", help="Workbook that comes back, filled in.")
    ] = None,
    team: Annotated[str, typer.Option("--team", help="Only the villages of this team.")] = "",
    author: Annotated[str, typer.Option("--author", help="Who the rows are by.")] = "",
    workspace: WorkspaceOption = Path("workspace"),
    lang: LanguageOption = "id",
) -> None:
    """Write the worklist of a saved plan, or take one back; every row is accounted for."""
    language = get_language(lang)
    with one_line_errors(language):
        store, saved = _open_plan(workspace, name, out, back)
        if out:
            check_suffix(out, (".xlsx",))
            visits = list_visits(saved, store.follow(saved.key), read_place_names())
            chosen = order_visits(saved, only_team(visits, team))
            write_file(out, write_worklist(saved, chosen, language))
        if back:
            _take_back(store, saved, back, author, language)


def field(
    name: NameOption,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Page (.html), GPX, GeoPackage for QField or ODK form (.zip)."),
    ] = None,
    back: Annotated[
        Path | None,
        typer.Option("--back", help="Results that come back (JSON, CSV, XLSX, GeoPackage)."),
    ] = None,
    team: Annotated[str, typer.Option("--team", help="Only the villages of this team.")] = "",
    author: Annotated[str, typer.Option("--author", help="Who the rows are by.")] = "",
    boundaries: BoundariesOption = None,
    enrolment: EnrolmentOption = SAMPLE_ENROLMENT,
    workspace: WorkspaceOption = Path("workspace"),
    cache: CacheOption = None,
    lang: LanguageOption = "id",
) -> None:
    """Write a saved plan for phones and field programs, or take their results back."""
    language = get_language(lang)
    with one_line_errors(language):
        store, saved = _open_plan(workspace, name, out, back)
        if back:
            _take_back(store, saved, back, author, language)
        if out:
            kinds = {kind.suffix: kind for kind in FIELD_FORMATS}
            check_suffix(out, tuple(kinds))
            with progress_bar(language) as step:
                data = _open(boundaries, enrolment, workspace, cache, step)
                plan = build_field_plan(data, saved, store.follow(saved.key), team=team)
                body = kinds[out.suffix.lower()].write(plan, language)
            write_file(out, body)


def _take_back(
    store: PlanStore, saved: SavedPlan, back: Path, author: str, language: Language
) -> None:
    """Record a worklist or results of phones, and account for every row."""
    if is_json(back):
        rows = read_json_rows(back)
    else:
        with progress_bar(language) as step:
            rows = open_readers(step).read_rows(back)
    _print_outcomes(take_back(store, saved, rows, author=author), language)


def _print_outcomes(outcomes: Sequence[RowOutcome], language: Language) -> None:
    counted = count_outcomes(outcomes)
    rows = [(language(OUTCOMES[key]), language.count(n)) for key, n in counted.items()]
    print_table("", [*rows, (language("all rows"), language.count(len(outcomes)))])


def _open(
    boundaries: Path | None,
    enrolment: Path,
    workspace: Path,
    cache: Path | None,
    step: Callable[..., None],
) -> Dataset:
    return open_dataset(
        find_boundaries(boundaries, workspace),
        enrolment,
        workspace=Workspace(workspace),
        cache=find_cache(cache),
        progress=step,
    )


def _open_plan(
    workspace: Path, name: str, out: Path | None, back: Path | None
) -> tuple[PlanStore, SavedPlan]:
    """Open a saved plan to take it along or results back; one of the two is asked for."""
    if (out is None) == (back is None):
        raise QueryProblem(mark("Say either --out or --back."))
    store = PlanStore(workspace)
    return store, find_plan(store, name)


def find_plan(store: PlanStore, name: str) -> SavedPlan:
    """Find a saved plan by its name or key.

    Raises
    ------
    QueryProblem
        If there is none; says which there are.
    """
    plans = store.list_plans()
    found = next((saved for saved in plans if name in (saved.name, saved.key)), None)
    if found is None:
        raise QueryProblem(
            mark("There is no plan {value}; there are: {known}."),
            value=name[:40],
            known=", ".join(saved.name for saved in plans) or "–",
        )
    return found
