"""A small lived-in database that is really committed: candidates, a screening, events, an agreement with its paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from companies import agreements, documents
from events import clock
from joborders.models import Requirement
from municipalities import reference
from screening import services
from tests import factories
from tests.candidates import build
from tests.companies.test_agreements import pdf
from tests.joborders import nomination_cases as cases
from tests.screening.test_services import FIT


@pytest.fixture
def lived_in(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """Committed rows, and private files in a folder of their own."""
    settings.DATA_DIR = tmp_path / "data"
    factories.load_reference()
    build.region()
    reference.compute_distances()
    order = cases.order(occupation_id="8332", workplace_postal_code="3400", hours_min=30, hours_max=37)
    Requirement.objects.create(order=order, kind="licence", code="C")
    for _ in range(3):
        build.candidate(**FIT)
    services.run(order.public_id, actor=build.consultant(cases.LEAD), scope="region")
    ann = factories.consultant()
    signed = agreements.sign(ann, factories.company(), kind="recruitment", valid_from=clock.today())
    documents.add(ann, signed.public_id, name="aftale.pdf", content=pdf())
