"""Skills that an order asks for, by whatever name: an id, a URI, or a label in Danish or English."""

import pytest

from events.errors import Invalid
from joborders.services import changes
from tests import factories as make
from vocabulary.models import Skill

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vocabulary(reference):
    """The starter vocabulary."""


@pytest.fixture
def skill():
    return Skill.objects.create(
        uri="urn:test:xylophone", label_da="spille zylofon", label_en="play the xylophone", alt_labels_da="zylofonspil"
    )


def asking(*names: str) -> list[dict[str, str]]:
    return [{"kind": "skill", "code": name} for name in names]


def refusal(**block) -> tuple[str, str, str]:
    with pytest.raises(Invalid) as refused:
        make.order(**block)
    [problem] = refused.value.errors
    return problem.pointer.rpartition("/requirements")[2], problem.code, str(problem.detail)


@pytest.mark.parametrize("name", ["spille zylofon", "Spille Zylofon", "play the xylophone", "zylofonspil"])
def test_a_skill_in_either_language_is_the_same_skill(skill, name):
    assert [row.code for row in make.order(requirements=asking(name)).requirements.all()] == [str(skill.public_id)]


@pytest.mark.parametrize("name_of", [lambda s: s.uri, lambda s: str(s.public_id).upper(), lambda s: s.public_id.hex])
def test_a_skill_may_be_named_by_uri_or_any_spelling_of_its_id(skill, name_of):
    order = make.order(requirements=asking(name_of(skill)))
    assert [row.code for row in order.requirements.all()] == [str(skill.public_id)]


def test_one_skill_under_two_names_is_asked_for_twice(skill):
    for names in ((skill.uri, "play the xylophone"), ("spille zylofon", str(skill.public_id))):
        assert refusal(requirements=asking(*names))[:2] == ("/1/code", "twice")


def test_a_retired_skill_is_refused_with_a_word_of_its_own(skill):
    Skill.objects.filter(pk=skill.pk).update(retired=True)
    for name in (str(skill.public_id), skill.uri):
        where, code, detail = refusal(requirements=asking(name))
        assert (where, code) == ("/0/code", "retired")
        assert "ordlisten" in detail


def test_an_order_keeps_the_skill_that_was_retired_meanwhile(skill):
    ann, order = make.consultant(), make.order(requirements=asking(skill.uri))
    Skill.objects.filter(pk=skill.pk).update(retired=True)
    demands = [*asking(str(skill.public_id)), {"kind": "licence", "code": "C"}]
    changes.change(order.public_id, ann, order.version, {"requirements": demands})
    assert {row.code for row in order.requirements.all()} == {str(skill.public_id), "C"}


def test_a_group_of_skills_is_no_skill():
    group = Skill.objects.filter(is_group=True).first()
    assert refusal(requirements=asking(str(group.public_id)))[:2] == ("/0/code", "not_a_skill")


def test_a_name_that_two_skills_share_decides_nothing(skill):
    Skill.objects.create(uri="urn:test:other", label_da="spille zylofon")
    assert refusal(requirements=asking("spille zylofon"))[:2] == ("/0/code", "ambiguous")


@pytest.mark.parametrize("name", ["spille", " - ", "%", "urn:test:nobody", "00000000-0000-4000-8000-000000000000"])
def test_what_no_skill_is_called_is_unknown(skill, name):
    assert refusal(requirements=asking(name))[:2] == ("/0/code", "unknown_code")
