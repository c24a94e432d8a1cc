"""`./run esco-check [FOLDER]`: the screening's definition against data that nobody here made.

ESCO says which skills are essential to each of its occupations. Every such set is taken as an order, and for every
occupation there is one person who has exactly its essential skills, documented. Whoever has all that is asked must come
first; somebody else may only come level who has all of it too. In the noisy variant each person has 60 % of the skills
of their occupation and three foreign ones. Only the pure engine is used: no database, no index.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from screening import engine
from screening.types import Person, SkillId, Wanted, WantedSkill
from vocabulary.graph import SkillGraph

REPO = Path(__file__).resolve().parent.parent
FOLDER = REPO.parent / "shared" / "reference"
PACKAGE = "esco*csv*.zip"
DAY = date(2026, 3, 2)
KEPT_PERCENT, FOREIGN, SEED = 60, 3, 2026
GOAL_MRR = 0.87


class NotThere(Exception):
    """The ESCO package is not where it was looked for, or not complete."""


@dataclass(frozen=True)
class Esco:
    """Occupations by name with their essential skills, and how skills hang together; skills are numbers."""

    occupations: tuple[tuple[str, frozenset[int]], ...]
    """Those with an essential skill: an order that asks for nothing has no own person."""
    graph: SkillGraph
    without: int
    """Occupations without an essential skill."""

    @property
    def skills(self) -> tuple[int, ...]:
        """Every skill that is no group, in the order of the package."""
        return tuple(skill for skill in self.graph.reuse_levels if skill not in self.graph.groups)


@dataclass(frozen=True)
class Outcome:
    """One order: how many people are strictly better than its own person, who is level, and the place in the list."""

    better: int
    level: int
    unexplained: int
    """Those level with the own person who lack a skill that is asked."""
    place: int
    """From 1; equals in the order that the product lists them in."""


def package_in(folder: Path) -> Path:
    """The newest ESCO package of a folder. Raises NotThere, saying where it was looked for."""
    found = sorted(folder.glob(PACKAGE)) if folder.is_dir() else []
    if not found:
        raise NotThere(
            f"No ESCO package ({PACKAGE}) in {folder}. It is the publisher's CSV download "
            "(esco.ec.europa.eu, classification and relations, English); name its folder: ./run esco-check FOLDER"
        )
    return found[-1]


def read(package: Path) -> Esco:
    """Occupations with essential skills and the skill graph out of the publisher's CSV files. Raises NotThere."""
    with zipfile.ZipFile(package) as archive:
        levels = {row["conceptUri"]: row["reuseLevel"] for row in _rows(archive, "skills_en.csv")}
        groups = {row["conceptUri"] for row in _rows(archive, "skillGroups_en.csv")}
        number = {uri: place for place, uri in enumerate([*levels, *groups])}
        essential: dict[str, set[int]] = defaultdict(set)
        for row in _rows(archive, "occupationSkillRelations_en.csv"):
            if row["relationType"] == "essential" and row["skillUri"] in levels:
                essential[row["occupationUri"]].add(number[row["skillUri"]])
        parents, children = defaultdict(set), defaultdict(set)
        for row in _rows(archive, "broaderRelationsSkillPillar_en.csv"):
            child, parent = number.get(row["conceptUri"]), number.get(row["broaderUri"])
            if child is not None and parent is not None:
                parents[child].add(parent)
                children[parent].add(child)
        names = {row["conceptUri"]: row["preferredLabel"] for row in _rows(archive, "occupations_en.csv")}
    return Esco(
        occupations=tuple((name, frozenset(essential[uri])) for uri, name in names.items() if uri in essential),
        without=len(names) - len(essential.keys() & names.keys()),
        graph=SkillGraph(
            parents={skill: frozenset(above) for skill, above in parents.items()},
            children={skill: frozenset(below) for skill, below in children.items()},
            groups=frozenset(number[uri] for uri in groups),
            reuse_levels={number[uri]: level for uri, level in levels.items()},
        ),
    )


def _rows(archive: zipfile.ZipFile, name: str) -> Iterable[dict[str, str]]:
    try:
        with archive.open(name) as file:
            yield from csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""))
    except KeyError:
        raise NotThere(f"{archive.filename} holds no {name}") from None


def exact_people(esco: Esco) -> list[Person]:
    """One person per occupation who has exactly its essential skills."""
    return [_person(place, skills) for place, (_name, skills) in enumerate(esco.occupations)]


def noisy_people(esco: Esco) -> list[Person]:
    """One person per occupation with 60 % of its essential skills (at least one) and three foreign ones."""
    draw, every = random.Random(SEED), esco.skills  # noqa: S311 - the same people in every run
    people = []
    for place, (_name, skills) in enumerate(esco.occupations):
        kept = draw.sample(sorted(skills), max(1, len(skills) * KEPT_PERCENT // 100))
        foreign: set[int] = set()
        while len(foreign) < FOREIGN:
            skill = draw.choice(every)
            foreign |= {skill} - skills
        people.append(_person(place, {*kept, *foreign}))
    return people


def _person(place: int, skills: Iterable[int]) -> Person:
    seed = random.Random(place).randrange(1, 2**31 - 1)  # noqa: S311 - the tie seed that the product draws once
    return Person(candidate=place, tie_seed=seed, skills=dict.fromkeys(skills, True))


class Check:
    """The orders of ESCO against a list of people; only those who hold a skill that counts can score at all."""

    def __init__(self, esco: Esco, people: Sequence[Person]) -> None:
        """Note who holds which skill."""
        self.esco, self.people = esco, people
        self.holders: dict[SkillId, list[int]] = defaultdict(list)
        for place, person in enumerate(people):
            for skill in person.skills:
                self.holders[skill].append(place)

    def order(self, place: int) -> engine.CompiledOrder:
        """The essential skills of one occupation, all wished for, asked of anybody anywhere."""
        _name, skills = self.esco.occupations[place]
        levels = self.esco.graph.reuse_levels
        asked = tuple(WantedSkill(skill, reuse_level=levels[skill]) for skill in sorted(skills))
        salt = random.Random(-1 - place).randrange(1, 2**31 - 1)  # noqa: S311 - an order's salt
        return engine.compile_order(Wanted(today=DAY, salt=salt, skills=asked, remote=True), self.esco.graph, {})

    def outcome(self, place: int) -> Outcome:
        """Where the own person of an occupation comes on its order, among all people."""
        order = self.order(place)
        related = {other for skill in order.by_skill for other in self.holders.get(skill, ())}
        own = engine.score(order, self.people[place])
        better = level = unexplained = before = 0
        for other in related - {place}:
            found = engine.score(order, self.people[other])
            if found.raw > own.raw:
                better += 1
            elif found.raw == own.raw:
                level += 1
                unexplained += not self.esco.occupations[place][1] <= self.people[other].skills.keys()
                before += (found.tie, other) < (own.tie, place)
        return Outcome(better, level, unexplained, 1 + better + before)


_check: Check


def _one(place: int) -> Outcome:
    return _check.outcome(place)


def run(check: Check, places: Sequence[int], processes: int | None = None) -> list[Outcome]:
    """The outcomes of these orders; on all cores where there are many."""
    if processes == 1:
        return [check.outcome(place) for place in places]
    global _check
    _check = check  # inherited by the forked workers, not sent to each
    with get_context("fork").Pool(processes) as pool:
        return pool.map(_one, places, chunksize=25)


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares in per cent, ties, and the mean reciprocal rank."""
    count = len(outcomes)
    return {
        "orders": count,
        "own person first, %": 100 * sum(not one.better for one in outcomes) / count,
        "… and alone, %": 100 * sum(not one.better and not one.level for one in outcomes) / count,
        "others level with it": sum(one.level for one in outcomes),
        "… unexplained": sum(one.unexplained for one in outcomes),
        "mean reciprocal rank": sum(1 / one.place for one in outcomes) / count,
    }


def table(exact: Mapping[str, float], noisy: Mapping[str, float]) -> str:
    """Both variants side by side, as Markdown."""
    lines = ["| | exact | noisy |", "|---|---|---|"]
    for name, value in exact.items():
        form = "{:,.3f}" if "mean" in name else "{:,.1f}" if "%" in name else "{:,.0f}"
        other = "–" if "unexplained" in name else form.format(noisy[name])  # half a set explains no tie
        lines.append(f"| {name} | {form.format(value)} | {other} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the table; 1 where a promise is not kept, 2 where there is no ESCO package."""
    parser = argparse.ArgumentParser(prog="./run esco-check", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the ESCO package is")
    options = parser.parse_args(arguments)
    try:
        esco = read(package_in(options.folder))
    except (NotThere, zipfile.BadZipFile) as problem:
        print(problem, file=sys.stderr)
        return 2
    every = range(len(esco.occupations))
    exact = figures(run(Check(esco, exact_people(esco)), every))
    noisy = figures(run(Check(esco, noisy_people(esco)), every))
    print(f"{len(every):,} occupations (and {esco.without} without essential skills), {len(esco.skills):,} skills\n")
    print(table(exact, noisy))
    kept = exact["own person first, %"] == 100 and not exact["… unexplained"]
    return int(not (kept and noisy["mean reciprocal rank"] >= GOAL_MRR))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
