"""Finding a word as a consultant types it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from vocabulary.models import Certificate, Industry, IscoGroup, Language, Licence, Occupation, Skill
from vocabulary.reference import load

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vocabulary() -> None:
    load()


def skill(label_da: str, label_en: str = "", **values: object) -> Skill:
    return Skill.objects.create(uri=f"urn:test:{label_da or label_en}", label_da=label_da, label_en=label_en, **values)


@pytest.mark.parametrize("typed", ["gør rent", "goer rent", "GØR RENT", "  gør   rent "])
def test_danish_letters_may_be_typed_either_way(typed: str) -> None:
    skill("gør rent efter sig")
    assert Skill.objects.search(typed)[0].label_da == "gør rent efter sig"


@pytest.mark.parametrize("typed", ["Ågård", "aagaard", "Aagård"])
def test_double_a_and_a_with_ring_are_the_same_letter(typed: str) -> None:
    skill("passe Ågård")
    assert [found.label_da for found in Skill.objects.search(typed)] == ["passe Ågård"]


def test_the_best_match_comes_first() -> None:
    for label in ("bruge zylofon", "fremzylofone", "zylofonstemning", "zylofon", "anden"):
        skill(label, alt_labels_da="zylofonist" if label == "anden" else "")
    found = [entry.label_da for entry in Skill.objects.search("zylofon")]
    assert found == ["zylofon", "zylofonstemning", "anden", "bruge zylofon", "fremzylofone"]


def test_words_may_come_in_any_order() -> None:
    assert "køre gaffeltruck" in {entry.label_da for entry in Skill.objects.search("gaffeltruck køre")}
    assert Skill.objects.search("gaffeltruck smørrebrød") == []


def test_english_works_as_well() -> None:
    assert Occupation.objects.search("lorry driver")[0].label_da == "lastbilchauffør"
    assert Occupation.objects.search("truck driver")[0].label_da == "lastbilchauffør"


def test_the_limit_holds_and_the_order_is_the_same_every_time() -> None:
    first = [entry.pk for entry in Skill.objects.search("k", limit=7)]
    assert len(first) == 7
    assert first == [entry.pk for entry in Skill.objects.search("k", limit=7)]
    everything = [entry.pk for entry in Skill.objects.search("k", limit=1000)]
    assert everything[:7] == first
    assert Skill.objects.ranked("k", 7).total == len(everything) > 20 == len(Skill.objects.search("k"))


def test_an_empty_question_gives_the_first_entries() -> None:
    assert len(Skill.objects.search("", limit=5)) == 5
    assert len(Skill.objects.search(" - ", limit=5)) == 5


def test_signs_of_sql_patterns_are_plain_signs() -> None:
    assert Skill.objects.search("%zz_") == []
    assert {entry.label_da for entry in Skill.objects.search("_", 3)}


def test_retired_skills_and_groups_are_not_offered() -> None:
    skill("zitarspil", retired=True)
    skill("zitargruppe", is_group=True)
    assert Skill.objects.search("zitar") == []
    assert not [entry for entry in Skill.objects.search("kørsel", 1000) if entry.is_group]


@pytest.mark.parametrize(
    ("model", "typed", "expected"),
    [
        (Occupation, "8332", "lastbilchauffør"),
        (Occupation, "murer", "murer"),
        (Certificate, "gaffeltruck", "Truckcertifikat B, gaffeltruck"),
        (Certificate, "forklift", "Truckcertifikat B, gaffeltruck"),
        (Certificate, "ADR", "ADR-bevis, grundkursus"),
        (Licence, "CE", "Lastbil med stort påhængskøretøj"),
        (Licence, "bus", "Stor bus"),
        (Language, "arab", "arabisk"),
        (IscoGroup, "lastbil", "8332 Lastbilchauffører"),
        (Industry, "494100", "494100 Vejgodstransport"),
        (Industry, "toemrer", "433200 Tømrer- og bygningssnedkeraktiviteter"),
    ],
)
def test_every_list_can_be_searched_in_two_queries(model: type, typed: str, expected: str) -> None:
    model.objects.search("")
    with CaptureQueriesContext(connection) as queries:
        found = [str(entry) for entry in model.objects.search(typed)]
    assert expected in found[:3]
    assert len(queries) == 2


def test_occupations_bring_their_isco_group_in_the_same_query() -> None:
    Occupation.objects.search("")
    with CaptureQueriesContext(connection) as queries:
        found = Occupation.objects.with_isco().search("chauffør")
        assert all(entry.isco.title_da for entry in found)
    assert found
    assert len(queries) == 2


def test_only_six_digit_industries_are_offered_where_a_unit_is_registered() -> None:
    codes = {found.code for found in Industry.objects.version("DB25").activities().search("transport", 1000)}
    assert "494100" in codes
    assert {len(code) for code in codes} == {6}


def test_short_words_are_looked_for_at_the_start_of_words_only() -> None:
    skill("it-drift")
    skill("sitzipol")
    found = {entry.label_da for entry in Skill.objects.search("it", 1000)}
    assert "it-drift" in found
    assert "sitzipol" not in found
    assert [entry.label_da for entry in Skill.objects.search("itz")] == ["sitzipol"]


def test_a_whole_word_comes_before_the_beginning_of_a_longer_one() -> None:
    for label in ("zylofonstemning", "zylofon og sang", "spil zylofonisk", "spil zylofon nu"):
        skill(label)
    found = [entry.label_da for entry in Skill.objects.search("zylofon")]
    assert found == ["zylofon og sang", "zylofonstemning", "spil zylofon nu", "spil zylofonisk"]


def test_accents_are_no_obstacle() -> None:
    skill("lede en café")
    assert Skill.objects.search("cafe")[0].label_da == Skill.objects.search("CAFÉ")[0].label_da == "lede en café"


def test_both_languages_find_the_same_entry() -> None:
    wanted = skill("spille zylofon", "play the xylophone", alt_labels_da="zylofonspil", alt_labels_en="xylophony")
    for typed in ("spille zylo", "zylofonspil", "play the xyl", "xylophony"):
        assert Skill.objects.search(typed) == [wanted]


def test_a_change_is_found_at_once() -> None:
    assert Skill.objects.search("zylofon") == []
    entry = skill("zylofon")
    assert Skill.objects.search("zylofon") == [entry]
    entry.retired = True
    entry.save()
    assert Skill.objects.search("zylofon") == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vocabulary_skill SET retired = %s WHERE id = %s", [False, entry.pk])
    assert Skill.objects.search("zylofon") == [entry]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zylofn", "zylofon"),
        ("zlyofon", "zylofon"),
        ("Smorrebrod", "smørrebrød"),
        ("køre gafeltruck", "køre gaffeltruck"),
        ("zylofon", "zylofon"),
        ("qqqqqqq", ""),
        ("ab", ""),
        ("zylofon smørrebrød", ""),
        ("", ""),
    ],
)
def test_a_slip_of_the_keys_is_put_right(typed: str, meant: str) -> None:
    skill("zylofon")
    skill("smøre smørrebrød")
    assert Skill.objects.did_you_mean(typed) == (meant if Skill.objects.search(typed) == [] else "")
