"""Every door × every role × every target: nobody sees, changes or learns of what is not theirs.

A share of the cases, drawn the same each time and with every door among them; all of them with `./run test --long`.
"""

from __future__ import annotations

import os
import time

import pytest

from tests.matrix.rules import ROLES
from tests.matrix.running import Matrix

pytestmark = [pytest.mark.django_db]
#: Cases of a short run, of all that there are.
SHORT = 8_000


@pytest.mark.parametrize("role", ROLES)
def test_nobody_gets_in_where_they_do_not_belong(matrix: Matrix, role: str, record_property):
    share = 1 if os.environ.get("NRS_TEST_LONG") else SHORT / matrix.size
    begun = time.monotonic()
    report = matrix.run(role, share=share)
    took = round(time.monotonic() - begun, 1)
    record_property("matrix", (role, report.cases, matrix.size, sum(report.wrong.values()), took))
    assert not report.wrong, "\n".join(f"{text} ×{count}" for text, count in report.wrong.most_common(200))
