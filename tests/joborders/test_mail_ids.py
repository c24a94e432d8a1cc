"""A mail's Message-ID leads back to its order, and only when it is ours."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joborders import mail_ids

ORDER = uuid.UUID("0191f0a0-0000-7000-8000-000000000001")


LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


@given(order=st.uuids(), random=st.text(LETTERS, min_size=8, max_size=64), secret=st.text(min_size=1))
def test_what_is_made_is_read(order: uuid.UUID, random: str, secret: str) -> None:
    secret = secret.encode("utf-8", "replace").decode()
    assert mail_ids.read(mail_ids.make(order, random, secret), secret) == order


def test_brackets_blanks_and_case_are_forgiven() -> None:
    made = mail_ids.make(ORDER, "abcdefgh", "key")
    assert mail_ids.read(f"  {made.upper()}\r\n", "key") == ORDER
    assert mail_ids.read(made.strip("<>"), "key") == ORDER


def test_another_key_another_order_or_another_random_does_not_fit() -> None:
    made = mail_ids.make(ORDER, "abcdefgh", "key")
    assert mail_ids.read(made, "other") is None
    assert mail_ids.read(made.replace(ORDER.hex, uuid.uuid4().hex), "key") is None
    assert mail_ids.read(made.replace("abcdefgh", "abcdefgi"), "key") is None


@pytest.mark.parametrize("text", ["", "<x@y>", "<nrs.@y>", "<nrs.zz.abcdefgh.00@y>", "nrs." * 900])
def test_a_foreign_id_is_nobodys(text: str) -> None:
    assert mail_ids.read(text, "key") is None


def test_a_random_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="random"):
        mail_ids.make(ORDER, "Not.allowed", "key")
