"""ESCO from the official CSV packages (v1.1, v1.2): occupations, skills, and how they hang together.

Danish and English labels are kept; labels of a language that a package lacks stay as they are, so that the publisher's
packages, one per language, may be imported together or one after the other. Concepts are found by URI; those that a
newer version dropped are retired. This platform's own concepts are not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from vocabulary.models import (
    Concept,
    IscoGroup,
    Occupation,
    OccupationSkill,
    ReuseLevel,
    Skill,
    SkillBroader,
    SkillKind,
    public_id_for,
)
from vocabulary.packages import Package, Row, UnreadableFile
from vocabulary.progress import Progress, silent
from vocabulary.reference import CONCEPT_FIELDS, isco_group
from vocabulary.upsert import BATCH, Counts, plausible, replace_links, upsert

ESCO_URI = "http://data.europa.eu/esco/"
LONGEST_LABEL = 300
LONGEST_URI = 200
SHOWN = ("da", "en")
FILES = (
    "ISCOGroups",
    "skills",
    "skillGroups",
    "occupations",
    "broaderRelationsSkillPillar",
    "broaderRelationsOccPillar",
    "occupationSkillRelations",
)
#: A file that lost its end still reads well. It shows by relations that lead nowhere, by occupations without skills,
#: or (`plausible`) by much that would go at once. The publisher's own faults stay far below.
TOO_MANY, TOO_MUCH = 10, 0.05
# Of Danish labels some 40 % hold one of these; of English, German and French ones none, of Swedish ones neither.
DANISH_LETTERS = frozenset("æøÆØ")
JUDGED_FROM, DANISH_SHARE = 50, 0.05


@dataclass(frozen=True)
class _Import:
    """One package on its way in."""

    package: Package
    tell: Progress
    accepts_loss: bool

    def counted(self, counts: Counts) -> Counts:
        """The counts, unless too much goes. Raises UnreadableFile."""
        return counts if self.accepts_loss else plausible(counts)


@transaction.atomic
def import_esco(path: Path, progress: Progress = silent, *, accepts_loss: bool = False) -> list[Counts]:
    """Import a package: a zip, or a folder of CSV files or zips, in Danish, English or both. Repeatable.

    Everything or nothing: raises UnreadableFile, and the vocabulary is as it was.
    """
    run = _Import(Package(path), progress, accepts_loss)
    _refuse_missing(run.package)
    return [
        import_isco_groups(run.package, progress),
        _skills(run),
        _occupations(run),
        _broader_skills(run),
        _occupation_skills(run),
    ]


def _refuse_missing(package: Package) -> None:
    """Raises UnreadableFile for files that are not there, and for a package in other languages only."""
    missing = [f"{name}_…csv" for name in FILES if not package.languages(name)]
    if missing:
        raise UnreadableFile(f"{package.path.name} does not hold {', '.join(missing)}")
    for name in ("ISCOGroups", "skills", "skillGroups", "occupations"):
        if not set(SHOWN) & set(found := package.languages(name)):
            raise UnreadableFile(
                f"{package.path.name} holds {name} in the wrong language: {', '.join(found)} instead of da or en"
            )


def import_isco_groups(package: Package, progress: Progress = silent) -> Counts:
    """The ISCO-08 groups of a package."""
    labels = {code: _labels(package, "ISCOGroups", code) for code in SHOWN}
    known = {
        code: (da, en) for code, da, en in IscoGroup.objects.order_by().values_list("code", "title_da", "title_en")
    }
    groups = []
    for row in _main_rows(package, "ISCOGroups", {"code"}):
        code, old = row["code"], known.get(row["code"], ("", ""))
        danish, english = (labels[lang].get(row["conceptUri"], ("", ""))[0] for lang in SHOWN)
        title_da, title_en = danish or old[0], english or old[1]
        groups.append(isco_group(code, title_da or title_en, title_en or title_da))
    return upsert_isco(groups, progress)


def upsert_isco(groups: list[IscoGroup], progress: Progress = silent) -> Counts:
    """Write ISCO groups. Raises UnreadableFile for a code of another length or without its parent."""
    known = {group.code for group in groups} | set(IscoGroup.objects.order_by().values_list("code", flat=True))
    orphans = sorted(group.code for group in groups if group.parent_id and group.parent_id not in known)
    if orphans or any(not 1 <= len(group.code) <= 4 for group in groups):
        raise UnreadableFile(f"ISCO codes are of 1 to 4 digits, each with its parent: {', '.join(orphans)}")
    fields = ("level", "parent_id", "title_da", "title_en")
    return upsert(IscoGroup.objects.all(), groups, key=("code",), fields=fields, progress=progress)


def _skills(run: _Import) -> Counts:
    own = Skill.objects.filter(uri__startswith=ESCO_URI)
    concepts = _concepts(run.package, "skills", own, {"reuseLevel"})
    entries = [Skill(reuse_level=_reuse_level(row), is_group=False, **fields) for row, fields in concepts]
    groups = _concepts(run.package, "skillGroups", own, set())
    entries += [Skill(reuse_level="", is_group=True, **fields) for _row, fields in groups]
    twice = {entry.uri for entry in entries if not entry.is_group} & {entry.uri for entry in entries if entry.is_group}
    if twice:
        raise UnreadableFile(f"a skill and a group of skills have the same URI: {min(twice)}")
    fields = (*CONCEPT_FIELDS, "reuse_level", "is_group")
    return run.counted(_noting_danish(upsert(own, entries, key=("uri",), fields=fields, progress=run.tell), entries))


def _occupations(run: _Import) -> Counts:
    own = Occupation.objects.filter(uri__startswith=ESCO_URI)
    concepts = _concepts(run.package, "occupations", own, {"iscoGroup"})
    entries = [Occupation(isco_id=row["iscoGroup"], **fields) for row, fields in concepts]
    known = set(IscoGroup.objects.order_by().values_list("code", flat=True))
    strange = sorted({entry.isco_id for entry in entries} - known)
    if strange:
        raise UnreadableFile(f"occupations name ISCO groups that the package does not hold: {', '.join(strange)}")
    counts = upsert(own, entries, key=("uri",), fields=(*CONCEPT_FIELDS, "isco_id"), progress=run.tell)
    _broader_occupations(run, own)
    return run.counted(_noting_danish(counts, entries))


def _broader_occupations(run: _Import, own: Any) -> None:
    """Write the one occupation above each; what lies directly below an ISCO group has none."""
    stored = {uri: (pk, broader) for uri, pk, broader in own.order_by().values_list("uri", "pk", "broader_id")}
    pairs = _pairs(run.package, "broaderRelationsOccPillar", "conceptUri", "broaderUri")
    above = {lower: stored[upper][0] for lower, upper, _row in pairs if upper in stored and upper != lower}
    changed = [
        Occupation(pk=pk, broader_id=above.get(uri))
        for uri, (pk, broader) in stored.items()
        if broader != above.get(uri)
    ]
    Occupation.objects.bulk_update(changed, ["broader"], batch_size=BATCH // 4)


def _broader_skills(run: _Import) -> Counts:
    ids = _ids(Skill)
    pairs = _pairs(run.package, "broaderRelationsSkillPillar", "conceptUri", "broaderUri")
    wanted = _Links(ids, ids, "broaderRelationsSkillPillar")
    for lower, upper, _row in pairs:
        if lower != upper:
            wanted.add(lower, upper, "")
    # What is known of retired concepts stays: people and old orders still hold them.
    scope = SkillBroader.objects.filter(child__uri__startswith=ESCO_URI, child__retired=False, parent__retired=False)
    counts = replace_links(scope, wanted.found(), ends=("child_id", "parent_id"), progress=run.tell)
    return run.counted(replace(counts, note=wanted.note))


def _occupation_skills(run: _Import) -> Counts:
    occupations = _ids(Occupation)
    wanted = _Links(occupations, _ids(Skill), "occupationSkillRelations")
    pairs = _pairs(run.package, "occupationSkillRelations", "occupationUri", "skillUri", "relationType")
    for occupation, skill, row in pairs:
        if row["relationType"] not in SkillKind.values:
            raise UnreadableFile(f"occupationSkillRelations: no relation is called {row['relationType']!r}")
        wanted.add(occupation, skill, row["relationType"])
    current = Occupation.objects.filter(uri__startswith=ESCO_URI, retired=False).order_by()
    without = set(current.values_list("pk", flat=True)) - {occupation for occupation, _skill in wanted.found()}
    if len(without) > max(TOO_MANY, TOO_MUCH * current.count()):
        raise UnreadableFile(f"occupationSkillRelations is cut off: {len(without)} occupations have no skill in it")
    scope = OccupationSkill.objects.filter(
        occupation__uri__startswith=ESCO_URI, occupation__retired=False, skill__retired=False
    )
    counts = replace_links(scope, wanted.found(), ends=("occupation_id", "skill_id"), label="kind", progress=run.tell)
    return run.counted(replace(counts, note=wanted.note))


class _Links:
    """Relations by ids; those with an end that is not here are left out, unless they are many."""

    def __init__(self, first: dict[str, int], second: dict[str, int], name: str) -> None:
        self._first, self._second, self._name = first, second, name
        self._found: dict[tuple[int, int], str] = {}
        self._seen, self._left_out = 0, 0
        self._example = ""

    def add(self, first: str, second: str, value: str) -> None:
        """One relation by URIs. Of several of one pair the essential one counts."""
        self._seen += 1
        ends = (self._first.get(first, 0), self._second.get(second, 0))
        if not all(ends):
            self._left_out += 1
            self._example = second if ends[0] else first
        elif self._found.get(ends) != SkillKind.ESSENTIAL:
            self._found[ends] = value

    def found(self) -> dict[tuple[int, int], str]:
        """All of them. Raises UnreadableFile when too many lead nowhere."""
        if self._left_out > max(TOO_MANY, TOO_MUCH * self._seen):
            raise UnreadableFile(
                f"{self._name}: {self._left_out} of {self._seen} relations name concepts that the package does not "
                f"hold, such as {self._example}: a file is cut off, or the files are of different versions"
            )
        return self._found

    @property
    def note(self) -> str:
        """What the report says of the rest."""
        return f"{self._left_out} left out: an end is not in the package" if self._left_out else ""


def _pairs(package: Package, name: str, first: str, second: str, *needs: str) -> Iterator[tuple[str, str, Row]]:
    """Relations of a file; they are the same in every language."""
    file = f"{name}_{package.languages(name)[0]}.csv"
    for row in package.rows(file, {first, second, *needs}):
        yield row[first], row[second], row


def _main_rows(package: Package, name: str, needs: set[str]) -> Iterator[Row]:
    """The file that says which concepts there are: the English one, else the Danish one."""
    file = f"{name}_{package.languages(name)[0]}.csv"
    return package.rows(file, {"conceptUri", "preferredLabel", *needs}, unique="conceptUri")


def _concepts(package: Package, name: str, stored: Any, needs: set[str]) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Each row with the columns that all concepts have. Raises UnreadableFile for one that cannot be kept."""
    labels = {code: _labels(package, name, code) for code in SHOWN}
    columns = ("label_da", "alt_labels_da", "label_en", "alt_labels_en")
    known = {uri: held for uri, *held in stored.order_by().values_list("uri", *columns)}
    for row in _main_rows(package, name, needs):
        uri = row["conceptUri"]
        held = known.get(uri, ["", "", "", ""])
        values: list[str] = []
        for place, code in enumerate(SHOWN):
            kept = held[2 * place : 2 * place + 2]
            values += labels[code].get(uri, ("", "")) if code in package.languages(name) else kept
        fields = dict(zip(columns, values, strict=True))
        problem = _unfit(uri, fields)
        if problem:
            raise UnreadableFile(f"{name}: {problem}")
        yield row, {"uri": uri, "public_id": public_id_for(uri), **fields}


def _unfit(uri: str, fields: dict[str, str]) -> str:
    if not uri.startswith(ESCO_URI) or len(uri) > LONGEST_URI:
        return f"this is no ESCO URI: {uri[:LONGEST_URI]!r}"
    if not fields["label_da"] and not fields["label_en"]:
        return f"{uri} has no label in Danish or English"
    if max(len(fields["label_da"]), len(fields["label_en"])) > LONGEST_LABEL:
        return f"{uri} has a label of more than {LONGEST_LABEL} characters"
    return ""


def _labels(package: Package, name: str, language: str) -> dict[str, tuple[str, str]]:
    """URI → preferred label, other labels one per line. Empty where the package lacks the language."""
    if language not in package.languages(name):
        return {}
    file = f"{name}_{language}.csv"
    found = {
        row["conceptUri"]: (row["preferredLabel"].strip(), row.get("altLabels", "").strip())
        for row in package.rows(file, {"conceptUri", "preferredLabel"}, unique="conceptUri")
    }
    _refuse_wrong_language(file, language, [label for label, _others in found.values() if label])
    return found


def _refuse_wrong_language(file: str, language: str, labels: list[str]) -> None:
    """Raises UnreadableFile for a Danish file without æ and ø, or an English one full of them."""
    if len(labels) < JUDGED_FROM:
        return
    looks_danish = sum(not DANISH_LETTERS.isdisjoint(label) for label in labels) >= DANISH_SHARE * len(labels)
    if looks_danish != (language == "da"):
        wanted = {"da": "Danish", "en": "English"}[language]
        raise UnreadableFile(f"{file} is in the wrong language: its labels are not {wanted}")


def _reuse_level(row: Row) -> str:
    level = row["reuseLevel"]
    if level and level not in ReuseLevel.values:
        raise UnreadableFile(f"skills: no reuse level is called {level!r}")
    return level


def _noting_danish(counts: Counts, entries: Iterable[Concept]) -> Counts:
    held = [bool(entry.label_da) for entry in entries]
    return replace(counts, note=f"{sum(held)} of {len(held)} with a Danish label")


def _ids(model: type[Skill] | type[Occupation]) -> dict[str, int]:
    found = model.objects.filter(uri__startswith=ESCO_URI, retired=False).order_by()
    return dict(found.values_list("uri", "pk"))
