"""The order form filled in as a company does, step by step."""

from __future__ import annotations

from playwright.sync_api import Page


def following(page: Page, name: str = "Næste") -> None:
    """Press the button and wait for the page."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def company_and_workplace(page: Page, cvr: str) -> None:
    """A company that is not registered yet, in Hillerød."""
    page.get_by_label("CVR-nummer").fill(cvr)
    following(page)
    page.get_by_label("Virksomhedens navn").fill("Prøve Transport ApS")
    page.get_by_label("Arbejdsstedets vej og nummer").fill("Prøvevej 1")
    page.get_by_label("Postnummer").fill("3400")
    page.get_by_label("Kommune").select_option("0219")
    following(page)


def job(page: Page, positions: int = 2) -> None:
    """Lorry drivers."""
    page.get_by_label("Hvad hedder jobbet?").fill("Lastbilchauffør")
    page.get_by_label("Hvor mange medarbejdere?").fill(str(positions))
    page.get_by_label("Hvad skal de lave?").fill("Kørsel med varer i Nordsjælland.")
    following(page)


def licence(page: Page) -> None:
    """They must be allowed to drive a lorry."""
    page.get_by_label("Kørekort eller certifikat").first.select_option("licence:C")
    with page.expect_navigation():
        page.locator("button[value=listed]").click()


def contact(page: Page, email: str = "") -> None:
    """Whom to call."""
    page.get_by_label("Dit navn").fill("Kirsten Prøve")
    page.get_by_label("Telefon", exact=False).first.fill("48 00 00 00")
    if email:
        page.get_by_label("E-mail", exact=False).first.fill(email)
    following(page)
