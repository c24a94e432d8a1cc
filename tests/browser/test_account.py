"""A login that runs out, two tabs, and the pages about oneself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route

from accounts.models import User
from candidates import import_jobs
from candidates.models import Candidate
from municipalities.actor import Actor
from tests import factories
from tests.browser.watching import Watched
from tests.candidates.test_import_jobs import CSV

Visit = Callable[..., Watched]


@pytest.fixture(autouse=True)
def reference_data(emptied_after_each_test: None, transactional_db: None) -> None:
    """The nine and the vocabulary."""
    factories.load_reference()


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def log_in(page: Page, user: User) -> None:
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Adgangskode").fill("en lang sætning om vejr")
    with page.expect_navigation():
        page.get_by_role("button", name="Log ind").click()


def test_who_was_logged_out_meanwhile_comes_back_to_the_page_after_logging_in(visit: Visit) -> None:
    user = user_of(factories.caseworker())
    user.set_password("en lang sætning om vejr")
    user.save()
    page = visit(user=user).go("/candidates?status=available")
    Session.objects.all().delete()
    page.reload(wait_until="networkidle")
    assert "/login?next=" in page.url
    log_in(page, user)
    assert page.url.endswith("/candidates?status=available")


def test_what_is_sent_after_the_login_ran_out_is_not_lost_without_a_word(visit: Visit) -> None:
    user = user_of(factories.caseworker())
    user.set_password("en lang sætning om vejr")
    user.save()
    page = visit(user=user).go("/profile")
    page.get_by_label("Navn", exact=True).fill("Et andet navn")
    Session.objects.all().delete()
    with page.expect_navigation():
        page.get_by_role("button", name="Gem", exact=True).click()
    assert page.url.endswith("/login?next=/profile")
    log_in(page, user)
    assert page.url.endswith("/profile")
    user.refresh_from_db()
    assert user.name != "Et andet navn"


def test_logged_out_in_one_tab_is_logged_out_in_the_other(visit: Visit) -> None:
    window = visit(user=user_of(factories.consultant()))
    first = window.go("/profile")
    second = window.context.new_page()
    second.goto("/queue")
    with second.expect_navigation():
        second.get_by_role("button", name="Log ud").first.click()
    first.reload(wait_until="networkidle")
    assert "/login" in first.url


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_import_is_followed_to_its_report(visit: Visit, tmp_path: Path, javascript: bool) -> None:
    file = tmp_path / "liste.csv"
    file.write_bytes(CSV)
    page = visit(user=user_of(factories.caseworker()), javascript=javascript).go("/candidates")
    page.get_by_role("link", name="Indlæs kandidater").click()
    page.get_by_label("Fil med kandidater").set_input_files(file)
    with page.expect_navigation():
        page.get_by_role("button", name="Indlæs").click()
    assert "Den venter på sin tur" in page.get_by_role("main").inner_text()
    import_jobs.work()
    if not javascript:
        page.get_by_role("link", name="Se, hvor langt den er").click()
    page.get_by_text("Alle 3 rækker er læst.").wait_for()
    page.get_by_role("cell", name="/licences/0").wait_for()
    assert Candidate.objects.count() == 2


def test_an_export_comes_as_a_file(visit: Visit) -> None:
    factories.order(title="Lastbilchauffør")
    page = visit(user=user_of(factories.coordinator())).go("/figures")
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV Alle jobordrer").click()
    download = coming.value
    assert download.suggested_filename.startswith("job-orders-")
    assert "Lastbilchauffør" in Path(download.path()).read_text()


def test_an_export_that_takes_long_shows_that_it_is_under_way(visit: Visit) -> None:
    window = visit(user=user_of(factories.coordinator()))
    page = window.go("/figures")
    held: list[Route] = []
    page.route("**/api/v1/job-orders?format=csv", lambda route: held.append(route))
    page.get_by_role("link", name="CSV Alle jobordrer").click()
    page.locator(".nrs-export progress").wait_for()
    assert window.violations() == []
    with page.expect_download():
        held[0].continue_()
    page.wait_for_function("() => !document.querySelector('.nrs-export progress')")


def test_the_status_comes_as_pdf(visit: Visit) -> None:
    page = visit(user=user_of(factories.coordinator())).go("/figures/sheet?as_of=2026-03-31")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Hent som PDF").click()
    assert coming.value.suggested_filename == "nrs-status-2026-03-31.pdf"
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")
