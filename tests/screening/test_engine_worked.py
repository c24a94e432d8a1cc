"""The worked table: every hand-calculated case of worked_cases.yaml holds, on the slow path and on the fast one."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from municipalities.distance import road_metres
from screening.distance import DistanceTable
from screening.engine import CompiledOrder, compile_order, judge, places, score, screen
from screening.types import Verdict
from tests.screening.worlds import Graph, graph_of, person_from, wanted_from

TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "worked_cases.yaml").read_text(encoding="utf-8"))


def named(entries: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(entry, id=entry["name"]) for entry in entries]


def world_graph() -> Graph:
    world = TABLE["world"]
    narrower = dict(world["narrower"])
    for family, size in world["generated_families"].items():
        narrower[family] = [f"{family}_{number}" for number in range(1, size + 1)]
    groups = [*world["groups"], *world["generated_families"]]
    return graph_of(narrower, groups, world["essential"], world["optional"])


def compiled(order: dict[str, Any]) -> CompiledOrder:
    wanted = wanted_from({**TABLE["defaults"]["order"], **order})
    return compile_order(wanted, world_graph(), TABLE["world"]["metres"])


def profile(person: dict[str, Any]) -> dict[str, Any]:
    return {**TABLE["defaults"]["person"], **person}


def found(verdict: Verdict, expected: dict[str, Any]) -> dict[str, Any]:
    """What the verdict says about the things that the case expects, in the form of the case."""
    musts = {f"{must.name} {must.demand}": must for must in verdict.musts}
    said: dict[str, Any] = {
        "outcome": verdict.outcome,
        "raw": verdict.raw,
        "fit": verdict.fit,
        "musts": {name: musts[name].outcome for name in expected.get("musts", ())},
        "evidence": {
            name: code if code in musts[name].evidence else musts[name].evidence
            for name, code in expected.get("evidence", {}).items()
        },
        "parts": {name: getattr(verdict.parts, name) for name in expected.get("parts", ())},
        "states": {name: verdict.parts.states[name] for name in expected.get("states", ())},
        "points": {skill.skill: skill.points for skill in verdict.skills},
    }
    return {name: said[name] for name in expected}


@pytest.mark.parametrize("case", named(TABLE["cases"]))
def test_a_worked_case_comes_out_as_calculated_by_hand(case: dict[str, Any]) -> None:
    order, person = compiled(case.get("order", {})), person_from(profile(case.get("person", {})))
    assert found(judge(order, person), case["expect"]) == case["expect"]


@pytest.mark.parametrize("case", named(TABLE["cases"]))
def test_the_fast_path_gives_the_worked_figures_too(case: dict[str, Any]) -> None:
    order, person = compiled(case.get("order", {})), person_from(profile(case.get("person", {})))
    verdict, fast = judge(order, person), score(order, person)
    assert (fast.outcome, fast.raw, fast.tie) == (verdict.outcome, verdict.raw, verdict.tie)


@pytest.mark.parametrize("case", named(TABLE["rankings"]))
def test_a_worked_list_comes_out_as_calculated_by_hand(case: dict[str, Any]) -> None:
    people = [person_from(profile(person)) for person in case["people"]]
    screening, expected = screen(compiled(case.get("order", {})), people), case["expect"]
    for outcome in ("qualified", "check", "nearly"):
        listed = [verdict.candidate for verdict in screening.lanes[outcome]]
        assert listed == expected.get(outcome, [])
    if "places" in expected:
        assert list(places(screening.lanes["qualified"])) == expected["places"]
    if "fits" in expected:
        assert [verdict.fit for verdict in screening.lanes["qualified"]] == expected["fits"]
    assert screening.counts == expected.get("counts", screening.counts)
    assert screening.funnel == expected.get("funnel", screening.funnel)


@pytest.mark.parametrize("case", named(TABLE["distances"]))
def test_a_worked_distance_comes_out_as_calculated_by_hand(case: dict[str, Any]) -> None:
    a, b = tuple(case["a"]), tuple(case["b"])
    assert road_metres(a, b) == case["metres"] == road_metres(b, a)


def test_the_worked_table_holds_at_least_thirty_cases_with_names_of_their_own() -> None:
    names = [case["name"] for case in TABLE["cases"]]
    assert len(names) == len(set(names)) >= 30


def test_every_must_have_is_worked_as_met_missing_and_unknown() -> None:
    worked = {
        (name.split()[0], answer) for case in TABLE["cases"] for name, answer in case["expect"].get("musts", {}).items()
    }
    names = ["distance", "start", "hours", "shifts", "licences", "certificates", "languages", "transport", "skills"]
    assert worked >= {(name, answer) for name in names for answer in ("met", "missing", "unknown")}


def test_a_place_without_a_point_has_no_distance() -> None:
    table = DistanceTable({"3400": (55.93, 12.3), "3000": (56.03, 12.6)})
    assert table.metres("3400", "3400") == 0
    assert table.metres("3400", "3000") == table.metres("3000", "3400")
    assert table.metres("3400", "9999") is None and table.metres("9999", "3400") is None
    assert table.metres(None, "3400") is None and table.metres("3400", None) is None
    assert table.row("9999") == {}
