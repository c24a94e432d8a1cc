"""The desk with the keyboard only: an order from its row in the queue to a hire, and the filters of the queue."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from joborders.models import JobOrder, Nomination
from tests import factories
from tests.browser.desk import login
from tests.browser.people_pages import DEMANDS, FIT
from tests.browser.watching import Watched

Visit = Callable[..., Watched]
LONG = 150
#: What the focus stands on, as a screen reader says it: its label, else its own words.
SAID = """() => { const one = document.activeElement;
  return ((one.labels && one.labels.length ? one.labels[0].innerText : one.innerText) || one.ariaLabel || "")
    .replace(/\\s+/g, " ") }"""


@pytest.fixture(autouse=True)
def reference_data(emptied_after_each_test: None, transactional_db: None) -> None:
    """The nine and the vocabulary."""
    factories.load_reference()


class Hands:
    """Somebody without a mouse."""

    def __init__(self, page: Page) -> None:
        """The window that has the focus."""
        self.page = page

    def reach(self, words: str, *, whole: bool = False) -> None:
        """Press Tab until the focus stands on something of this name; `whole`: of no longer one."""
        for _press in range(LONG):
            self.page.keyboard.press("Tab")
            said = self.page.evaluate(SAID)
            if said.strip() == words or (words in said and not whole):
                return
        raise AssertionError(f"the keyboard does not reach {words!r} on {self.page.url}")

    def go(self, words: str) -> None:
        """Follow a link or press a button, to the next page."""
        self.reach(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.page.wait_for_load_state("networkidle")

    def tick(self, words: str) -> None:
        """Tick a box or choose a radio button."""
        self.reach(words)
        self.page.keyboard.press("Space")

    def write(self, words: str, text: str) -> None:
        """Fill in a field."""
        self.reach(words)
        self.page.keyboard.type(text)

    def told(self, words: str) -> None:
        """The page says so."""
        assert words in self.page.get_by_role("main").inner_text()


def test_an_order_goes_from_the_queue_to_a_hire_with_the_keyboard_only(visit: Visit) -> None:
    ann = factories.consultant(name="Ann Prøve")
    order = factories.order(requirements=DEMANDS, positions=1)
    factories.candidate(name="Gry Prøve", **FIT)
    page = visit(user=login(ann)).go("/queue")
    hands = Hands(page)
    hands.reach(f"Tag {order.number}")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Din nu.")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # the focus went on to the job
    hands.go("Ringet, talte med")
    hands.go("Bekræft kontakten")
    hands.tick("CVR-registret")
    hands.go("Bekræft kontakten")
    hands.told("Kontakten er bekræftet.")
    screens_and_offers(hands)
    presents_and_hires(hands, order)
    order.refresh_from_db()
    assert (order.state, order.hires) == (JobOrder.State.FILLED, 1)


def screens_and_offers(hands: Hands) -> None:
    """The own candidates are screened; the one who fits has said yes."""
    hands.go("Find kandidater")
    hands.go("Screen vores egne kandidater")
    hands.tick("Vælg")
    hands.go("Tilbyd de valgte")
    for label in ("Kan løse opgaverne", "Vil løse opgaverne", "CV'et er gennemgået med kandidaten"):
        hands.tick(label)
    hands.go("Tilbyd 1 kandidat")
    hands.told("1 kandidat er tilbudt.")


def presents_and_hires(hands: Hands, order: JobOrder) -> None:
    """From the board, where the steps are links, too."""
    hands.page.goto(f"/orders/{order.public_id}")
    hands.go("Tavle")
    hands.go("Præsentér")
    hands.write("Hvorfor vises et CV", "Virksomheden vil se det nu.")
    hands.go("Præsentér")
    hands.go("Ansæt")
    hands.write("Første arbejdsdag", "02022035")
    hands.write("Timer om ugen", "37")
    hands.go("Ansæt")
    assert Nomination.objects.get().state == "hired"


def test_the_queue_is_filtered_and_the_view_kept_with_the_keyboard_only(visit: Visit) -> None:
    ann = factories.consultant(name="Ann Prøve")
    factories.order(title="Gartner")
    factories.order(title="Kok")
    page = visit(user=login(ann)).go("/queue")
    hands = Hands(page)
    hands.write("Søg", "gartner")
    hands.reach("Fase")
    page.keyboard.press("ArrowDown")
    hands.reach("Filtrér")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 åben jobordre")
    assert page.url.endswith("/queue?view=own&q=gartner&phase=new")
    hands.reach("Gem denne visning")
    page.keyboard.press("Enter")
    hands.write("Visningens navn", "Gartnere")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    hands.go("Fjern alle filtre")
    hands.told("2 åbne jobordrer")
    hands.go("Gartnere")
    hands.told("1 åben jobordre")


def test_one_of_ours_is_looked_up_while_typing_with_the_keyboard_only(visit: Visit) -> None:
    ann = factories.consultant(name="Ann Prøve")
    order = factories.order()
    factories.candidate(name="Bodil Prøve", external_reference="SAG-1")
    factories.candidate(name="Bodil Prøvesen", external_reference="SAG-2")
    window = visit(user=login(ann))
    page = window.go(f"/orders/{order.public_id}/offer")
    hands = Hands(page)
    hands.reach("Kandidat", whole=True)
    page.keyboard.type("bodil")
    page.wait_for_selector("text=Bodil Prøvesen, SAG-2")
    assert window.violations() == []
    hands.tick("Bodil Prøve, SAG-1")
    assert "bodil" not in page.url.lower()
    for label in ("Kandidaten kan løse opgaverne", "Kandidaten vil have jobbet", "Vi har gennemgået CV'et sammen"):
        hands.tick(label)
    hands.go("Tilbyd")
    hands.told("Kandidaten er tilbudt.")
    assert Nomination.objects.get().candidate.external_reference == "SAG-1"
