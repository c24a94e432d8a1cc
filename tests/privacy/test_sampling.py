"""The monthly look into the access log: random, the same for whoever draws again, from every municipality."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pytest

from candidates.models import AccessLog
from events import clock
from events.errors import Conflict, Invalid, NotAllowed, NotVisible, Stale
from municipalities import wall
from municipalities.actor import Actor
from privacy import sampling
from privacy.models import Check, Sample
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "monday")]
FEBRUARY = date(2026, 2, 1)


@pytest.fixture
def ida() -> Actor:
    """The auditor."""
    return factories.member("auditor", name="Ida Prøve")


def reads(count: int, reader: Actor, day: int = 10, month: int = 2) -> list[AccessLog]:
    """Rows of the log as somebody's reads would be."""
    return AccessLog.objects.bulk_create(
        AccessLog(
            candidate=uuid4(), home=reader.municipality or "", actor_kind="member", actor_role=reader.role or "",
            actor_id=reader.public_id, actor_municipality=reader.municipality or "", purpose="candidate.show",
            fields="name,phone", read_at=datetime(2026, month, day, 10, tzinfo=clock.COPENHAGEN),
        )
        for _ in range(count)
    )  # fmt: skip


def test_every_municipality_gives_its_share_however_few_reads_it_has(ann: Actor, eva: Actor) -> None:
    reads(400, ann)
    reads(3, eva)
    reads(50, ann, month=1)
    sample = sampling.draw(FEBRUARY)
    places = list(Check.objects.values_list("place", flat=True))
    assert sample.reads == 403 and sorted(places) == ["0217"] * 3 + ["0219"] * sampling.PER_PLACE
    assert set(Check.objects.values_list("read_at__month", flat=True)) == {2}


def test_a_draw_can_be_repeated_and_another_month_draws_others(ann: Actor) -> None:
    reads(200, ann)
    first, _total = sampling.drawn(FEBRUARY)
    sampling.draw(FEBRUARY)
    assert sorted(first["0219"]) == sorted(Check.objects.values_list("entry", flat=True))
    assert sampling.draw(FEBRUARY).pk == Sample.objects.get().pk and Check.objects.count() == sampling.PER_PLACE
    assert sampling.seed_of(FEBRUARY) != sampling.seed_of(date(2026, 3, 1))
    keys = sorted(AccessLog.objects.values_list("pk", flat=True))
    assert sorted(first["0219"]) != keys[: sampling.PER_PLACE], "not simply the first"


def test_a_month_is_drawn_when_it_is_over_and_the_clock_draws_the_last(ann: Actor) -> None:
    reads(1, ann)
    with pytest.raises(Invalid):
        sampling.draw(date(2026, 3, 1))
    assert sampling.draw_last_month().month == FEBRUARY


def test_from_question_to_conclusion(ann: Actor, ida: Actor) -> None:
    reads(1, ann)
    sampling.draw(FEBRUARY)
    check = Check.objects.get()
    assert not Check.objects.visible_to(ann).exists(), "nobody learns what was drawn before they are asked"
    sampling.ask(check.public_id, ida, 1, "Hvorfor slog du op?")
    with pytest.raises(NotAllowed):
        sampling.conclude(check.public_id, ann, 2, "justified")
    sampling.answer(check.public_id, ann, 2, "Borgeren ringede.")
    with pytest.raises(Conflict):
        sampling.answer(check.public_id, ann, 3, "Eller noget andet.")
    with pytest.raises(Stale):
        sampling.conclude(check.public_id, ida, 1, "justified")
    done = sampling.conclude(check.public_id, ida, 3, "justified")
    assert (done.conclusion, done.concluded_by_id, done.answer) == ("justified", ida.user_id, "Borgeren ringede.")
    with pytest.raises(Conflict):
        sampling.conclude(check.public_id, ida, 4, "unclear", "x")


def test_a_read_without_a_reason_is_concluded_in_words(ann: Actor, ida: Actor) -> None:
    reads(1, ann)
    sampling.draw(FEBRUARY)
    check = Check.objects.get()
    with pytest.raises(Invalid):
        sampling.conclude(check.public_id, ida, 1, "unjustified")
    sampling.conclude(check.public_id, ida, 1, "unjustified", "Overgivet til lederen.")


def test_others_neither_see_nor_answer(ann: Actor, bo: Actor, eva: Actor, kim: Actor, ida: Actor) -> None:
    reads(1, ann)
    sampling.draw(FEBRUARY)
    check = Check.objects.get()
    sampling.ask(check.public_id, ida, 1, "Hvorfor?")
    for other in (bo, eva, kim, ida):
        with pytest.raises(NotVisible):
            sampling.answer(check.public_id, other, 2, "Jeg svarer for hende.")
    for other in (bo, eva, kim):
        assert not Check.objects.visible_to(other).exists()
        with pytest.raises(NotAllowed):
            sampling.ask(check.public_id, other, 2, "Hvorfor?")


def test_an_auditor_of_one_municipality_sees_its_reads_only(ann: Actor, eva: Actor) -> None:
    reads(2, ann)
    reads(2, eva)
    sampling.draw(FEBRUARY)
    own = factories.member("auditor", "0217")
    with wall.through(wall.Scope.of(own)):
        assert set(Check.objects.visible_to(own).values_list("place", flat=True)) == {"0217"}
