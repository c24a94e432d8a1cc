"""Nobody overwrites what they have not seen."""

from __future__ import annotations

import pytest

from municipalities.models import Municipality

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample", "nine")]
URL = "/api/v1/things/9901"


def test_every_object_has_an_etag_that_a_step_accepts(ann):
    tag = ann.get(URL)["ETag"]
    assert tag == '"1"'
    answer = ann.post(f"{URL}/rename", {"name": "New"}, HTTP_IF_MATCH=tag)
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert answer.json() == {"code": "9901", "name": "New", "version": 2}


@pytest.mark.parametrize("path", [URL, f"{URL}/rename"])
@pytest.mark.parametrize(("given", "status"), [(None, 428), ("*", 428), ("1", 400), ('"a"', 400), ('"1", "2"', 400),
                                               ('"99999999999999999999"', 400), ('"7"', 412)])  # fmt: skip
def test_without_the_right_version_nothing_is_written(ann, path, given, status):
    headers = {} if given is None else {"HTTP_IF_MATCH": given}
    answer = getattr(ann, "patch" if path == URL else "post")(path, {"name": "New"}, **headers)
    assert answer.status_code == status
    assert Municipality.objects.get(code="9901").name == "Ørby 01"


def test_stale_says_what_changed_by_whom_and_what_is_possible_now(ann):
    answer = ann.patch(URL, {"name": "New"}, HTTP_IF_MATCH='"7"')
    body = answer.json()
    assert (body["code"], body["changed"], body["changed_by"]) == ("stale", ["name"], "Bo")
    assert body["allowed"] == ["rename", "close"]
    assert answer["ETag"] == '"1"'


def test_a_tag_made_weak_by_a_proxy_still_counts(ann):
    assert ann.patch(URL, {"name": "New"}, HTTP_IF_MATCH='W/"1"').status_code == 200


def test_a_step_without_version_and_result_answers_204(ann):
    assert ann.post(f"{URL}/nothing").status_code == 204


def test_a_step_that_needs_no_body_takes_no_field(ann):
    assert ann.post(f"{URL}/nothing", {"x": 1}).json()["errors"][0]["pointer"] == "/x"
