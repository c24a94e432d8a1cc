"""Marks in a CV text."""

from __future__ import annotations

import pytest

from candidates.cv_rules import Kind, findings


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Jeg har 12 års erfaring som chauffør og har kørt i 7 år.", set()),
        ("Arbejdet med gods, truck og kundeservice. Ring 49 00 00 00.", set()),
        ("CPR 010190-1234", {Kind.CPR}),
        ("Mit nummer er 0101901234", {Kind.CPR}),
        ("Ordre 9999991234", set()),
        ("Jeg er 54 år og frisk", {Kind.AGE}),
        ("54-årig mand søger job", {Kind.AGE}),
        ("Født i 1971", {Kind.AGE}),
        ("Har været sygemeldt med depression", {Kind.HEALTH}),
        ("Skånehensyn: ingen tunge løft", {Kind.HEALTH}),
        ("Gift og har to børn", {Kind.FAMILY}),
        ("Vender tilbage efter barsel", {Kind.FAMILY}),
        ("Jeg er 40 år, enlig mor til tre, og har gigt", {Kind.AGE, Kind.HEALTH, Kind.FAMILY}),
    ],
)
def test_a_caseworker_sees_what_has_no_place_in_a_cv(text, kinds):
    assert {finding.kind for finding in findings(text)} == kinds


def test_a_mark_points_at_its_words():
    text = "Jeg er gift."
    [mark] = findings(text)
    assert text[mark.start : mark.end] == "gift"
