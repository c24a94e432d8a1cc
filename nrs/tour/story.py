"""What happens in the tour (the main job): a company, three jobcentres and the coordinator, call by call."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from nrs.tour.client import Answer, Tour

ZONE = ZoneInfo("Europe/Copenhagen")
FIGURES = ("received", "open", "filled", "closed", "positions")


class Story:
    """The tour in chapters; each leaves on `self` what the next ones need."""

    def __init__(self, tour: Tour, cvr: str) -> None:
        self.tour, self.cvr = tour, cvr
        self.now = dt.datetime.now(ZONE)
        self.today, self.yesterday = self.now.date(), self.now.date() - dt.timedelta(days=1)
        self.starts_on = self.today + dt.timedelta(days=21)
        self.order = self.secret = self.second = self.company = ""
        self.offered = self.requested = ""
        self.before: Answer | None = None

    def tell(self) -> None:
        """Everything in order. Raises client.Failed when it cannot go on."""
        self.hand_in()
        self.register_citizens()
        self.claim_and_call()
        self.second_order_arrives()
        self.screen_own_and_share()
        self.others_answer()
        self.screen_region_and_request()
        self.present_and_interview()
        self.hire()
        self.close_reopen_close()
        self.figures()

    def hand_in(self) -> None:
        """The company, twice by mistake: one order."""
        tour = self.tour
        tour.chapter("A company in Hillerød hands in an order for three lorry drivers")
        body, key = self._hand_in_body(), str(uuid4())
        first = tour.call("company", "POST", "intake/job-orders", body, key=key, expect=201)
        again = tour.call("company", "POST", "intake/job-orders", body, key=key, expect=201)
        self.order, self.secret = f"job-orders/{first['id']}", first["secret"]
        tour.check("the same call sent twice makes one order", first["number"] == again["number"])
        tour.check("the company's order goes to Hillerød", (first["lead"] or {}).get("code") == "0219")
        wrong = self._hand_in_body()
        wrong["company"] = wrong["company"] | {"cvr": str(int(self.cvr) + 1)}
        refused = tour.call("company", "POST", "intake/job-orders", wrong, expect=400)
        pointers = [error["pointer"] for error in refused["errors"] or ()]
        tour.check("a CVR number with a wrong check digit is refused, and pointed at", "/company/cvr" in pointers)

    def _hand_in_body(self) -> dict[str, Any]:
        return {
            "company": {
                "cvr": self.cvr,
                "name": "Vognmand Prøvekørsel ApS",
                "unit": {"street": "Prøvebanen 1", "postal_code": "3400", "municipality": "0219"},
            },
            "order": {
                "title": "Lastbilchauffør, kategori C",
                "occupation": "8332",
                "description": "Tre chauffører til distribution i Nordsjælland. Kørsel mandag til fredag.",
                "positions": 3,
                "hours_min": 37,
                "hours_max": 37,
                "shifts": ["day"],
                "starts_on": self.starts_on.isoformat(),
                "requirements": [
                    {"kind": "licence", "code": "C"},
                    {"kind": "certificate", "code": "chauffoer-gods"},
                ],
            },
            "contact": {"name": "Prøve Vognmand", "phone": "+45 00 00 00 21", "email": "kontakt@firma.example"},
        }

    def register_citizens(self) -> None:
        """Who is unemployed in the three municipalities: nobody in Hillerød has the EU qualification."""
        tour = self.tour
        tour.chapter("The jobcentres register citizens")
        in_order = (
            ("Hillerød", "3400", "Prøve Morgenrøde", False),
            ("Gribskov", "3200", "Prøve Bøgeblad", True),
            ("Helsingør", "3000", "Prøve Sundvind", True),
            ("Helsingør", "3060", "Prøve Lærkesang", True),
        )
        self.people: dict[str, str] = {}
        for number, (home, postal_code, name, qualified) in enumerate(in_order):
            body = self._citizen(number, postal_code, name, qualified)
            made = tour.call(home, "POST", "candidates", body, expect=201)
            self.people.setdefault(home, made["id"])

    def _citizen(self, number: int, postal_code: str, name: str, qualified: bool) -> dict[str, Any]:
        until = (self.today + dt.timedelta(days=700)).isoformat()
        return {
            "external_reference": f"TUR-{number}",
            "name": name,
            "phone": f"+45 00 00 00 3{number}",
            "contact_way": "phone",
            "postal_code": postal_code,
            "available_from": self.today.isoformat(),
            "hours_min": 30,
            "hours_max": 37,
            "shifts": ["day"],
            "own_transport": True,
            "max_distance_km": 60,
            "cv_text": "Har kørt distribution og kender Nordsjælland godt.",
            "confirmed_on": self.today.isoformat(),
            "licences": ["C"],
            "certificates": [{"code": "chauffoer-gods", "valid_through": until}] if qualified else [],
            "occupations": [{"isco": "8332", "months": 48 + number}],
            "job_goals": ["8332"],
        }

    def claim_and_call(self) -> None:
        """The consultant takes it off the queue and keeps the first promise."""
        tour, order = self.tour, self.order
        tour.chapter("Hillerød's consultant claims it and calls the company")
        queue = tour.call("Hillerød", "GET", "queue")
        tour.check("the order stands in Hillerød's queue", queue["count"] == 1)
        seen = tour.call("Hillerød", "GET", order)
        tour.call("Gribskov", "GET", order, expect=404)
        tour.call("Hillerød", "POST", f"{order}/claim", version=seen.version)
        stale = tour.call("Hillerød", "POST", f"{order}/respond", {"kind": "phone"}, version=seen.version, expect=412)
        tour.check("a step on an old version is refused with what is possible", "respond" in (stale["allowed"] or ()))
        tour.step("Hillerød", order, "respond", {"kind": "phone", "text": "Ringet op, opgaven er gennemgået."})
        called = tour.step("Hillerød", order, "verify-contact", {"source": "cvr_register"})
        tour.check("the first response is kept", _kept_in_time(called.body))

    def second_order_arrives(self) -> None:
        """A call of yesterday is written down today."""
        tour = self.tour
        tour.chapter("A second order, phoned in yesterday, is written down today")
        before = self._status(self.yesterday)
        tour.check("an empty region has received nothing by yesterday", before["received"] == 0)
        companies = tour.call("Hillerød", "GET", f"companies?cvr={self.cvr}")
        self.company = companies["results"][0]["id"]
        received = dt.datetime.combine(self.yesterday, dt.time(10, 30), tzinfo=ZONE)
        body = {
            "company": self.company,
            "channel": "phone",
            "received_at": received.isoformat(),
            "title": "Lagermedarbejder til aftenhold",
            "occupation": "4321",
            "description": "Pluk og pak på aftenhold.",
            "positions": 1,
            "contact": {"name": "Prøve Vognmand", "phone": "+45 00 00 00 21"},
        }
        made = tour.call("Hillerød", "POST", "job-orders", body, expect=201)
        self.second = f"job-orders/{made['id']}"
        self.before = self._status(self.yesterday)
        tour.check("it counts on the day it was received", self.before["received"] == 1 and self.before["open"] == 1)

    def screen_own_and_share(self) -> None:
        """The own candidates first; then all nine are asked."""
        tour, order = self.tour, self.order
        tour.chapter("Hillerød screens its own candidates, and shares the order")
        run = tour.call("Hillerød", "POST", f"{order}/screenings", {"scope": "own"}, expect=201)
        counts = run["counts"] or {}
        tour.check("nobody of Hillerød's own is qualified", not counts.get("qualified"))
        found = tour.call("Hillerød", "GET", f"screenings/{run['id']}/verdicts")
        missing = [must["demand"] for row in found["results"] for must in row["musts"] if must["outcome"] == "missing"]
        tour.check("the one who nearly is lacks the EU qualification", len(missing) == 1)
        shared = tour.step("Hillerød", order, "share")
        tour.check("the order is shared", bool(shared["shared_at"]))

    def others_answer(self) -> None:
        """Gribskov offers a person, Helsingør promises a number."""
        tour, order = self.tour, self.order
        tour.chapter("Gribskov offers one of its own, Helsingør answers with a number")
        offer = {"candidate": self.people["Gribskov"], "acceptance": self._yes()}
        made = tour.step("Gribskov", order, "offers", offer, expect=201)
        self.offered = f"nominations/{made['id']}"
        tour.check("an offered candidate has said yes already", made["state"] == "accepted")
        by_date = (self.today + dt.timedelta(days=7)).isoformat()
        answer = {"count": 2, "by_date": by_date}
        tour.step("Helsingør", order, "supply-answers", answer)
        answers = tour.call("Hillerød", "GET", f"{order}/supply-answers")
        tour.check("Helsingør's answer is there for the lead", any(row["count"] == 2 for row in answers["results"]))

    def screen_region_and_request(self) -> None:
        """All nine municipalities' candidates; a stranger appears under a pseudonym."""
        tour, order = self.tour, self.order
        tour.chapter("A screening over all nine; Hillerød asks for a candidate of Helsingør's by pseudonym")
        run = tour.call("Hillerød", "POST", f"{order}/screenings", {"scope": "region"}, expect=201)
        found = tour.call("Hillerød", "GET", f"screenings/{run['id']}/verdicts?outcome=qualified")
        theirs = [row for row in found["results"] if row["home_municipality"] == "0217"]
        tour.check("Helsingør has two qualified candidates", len(theirs) == 2)
        tour.check(
            "their cards show a pseudonym, and neither name, id nor postal code",
            all(row["pseudonym"] and not row["candidate"] for row in theirs)
            and not _names(theirs)
            and "3060" not in str(theirs),
        )
        asked = tour.step("Hillerød", order, "nominations", {"cards": [theirs[0]["card"]]}, expect=201)
        self.requested = f"nominations/{asked['results'][0]['id']}"
        waiting = tour.call("Hillerød", "GET", self.requested)
        tour.check("the lead does not see who it is", waiting["state"] == "requested" and not _names(waiting.body))
        taken = tour.step("Helsingør", self.requested, "accept", self._yes())
        tour.check("Helsingør has asked the candidate, who accepts", taken["state"] == "accepted")
        named = tour.call("Hillerød", "GET", self.requested)
        tour.check("now the lead sees the name", _names(named.body))

    def present_and_interview(self) -> None:
        """Both are shown to the company in one step, and both come to an interview."""
        tour = self.tour
        tour.chapter("Both candidates are presented and interviewed")
        both = [tour.call("Hillerød", "GET", path) for path in (self.offered, self.requested)]
        why = "Virksomheden vil se dem nu. CV'erne bliver gjort færdige inden samtalen."
        items = [{"id": one["id"], "version": one["version"], "reason": why} for one in both]
        shown = tour.call("Hillerød", "POST", "nominations/present", {"items": items})
        tour.check("both are with the company", [row["state"] for row in shown["results"]] == ["presented"] * 2)
        view = tour.call("company", "GET", f"intake/follow/{self.secret}")
        counts = view["counts"] or {}
        named = view["nominations"]
        tour.check("the company's link counts two, and names nobody", counts.get("presented") == 2 and not named)
        for path in (self.requested, self.offered):
            tour.step("Hillerød", path, "interview")

    def hire(self) -> None:
        """Two hires and one position filled otherwise: the order is full."""
        tour, order = self.tour, self.order
        tour.chapter("Helsingør's is hired, Gribskov's too, the third position is filled otherwise")
        terms = {"starts_on": self.starts_on.isoformat(), "weekly_hours": 37, "terms": "ordinary"}
        for path in (self.requested, self.offered):
            hired = tour.step("Hillerød", path, "hire", terms)
            tour.check("hired", hired["state"] == "hired")
        seen = tour.call("Hillerød", "GET", order)
        tour.check("with one position left the order is open", seen["state"] == "open")
        tour.call("Hillerød", "PATCH", order, {"filled_otherwise": 1}, version=seen.version)
        ended = tour.call("Hillerød", "GET", order)
        tour.check("the order is filled by itself", ended["state"] == "filled" and ended["close_reason"] == "filled")
        view = tour.call("company", "GET", f"intake/follow/{self.secret}")
        tour.check("the company sees it", view["state"] == "filled")
        told = [row["event"] for row in tour.call("Hillerød", "GET", f"{order}/history")["results"]]
        wanted = ["joborder.submitted", "joborder.claimed", "joborder.responded", "joborder.shared", "joborder.filled"]
        tour.check("the history tells it in order", [event for event in told if event in wanted] == wanted)

    def close_reopen_close(self) -> None:
        """The second order ends without result, twice."""
        tour, second = self.tour, self.second
        tour.chapter("The second order is closed without result, reopened and closed again")
        tour.step("Hillerød", second, "claim")
        closed = tour.step("Hillerød", second, "close", {"reason": "no_suitable_candidates"})
        tour.check("closed: nobody of the nine was hired", closed["state"] == "closed")
        refused = tour.step("Hillerød", second, "pause", expect=409)
        tour.check("what cannot be done now is refused with what can", refused["allowed"] == ["reopen"])
        opened = tour.step("Hillerød", second, "reopen", {"reason": "Virksomheden vil prøve igen."})
        tour.check("open again", opened["state"] == "open")
        closed = tour.step("Hillerød", second, "close", {"reason": "withdrawn"})
        tour.check("closed again", closed["state"] == "closed")

    def figures(self) -> None:
        """Today's figures, and yesterday's, which are what they were."""
        tour = self.tour
        tour.chapter("The coordinator reads the status as of today and as of the day before")
        today, yesterday = self._status(self.today), self._status(self.yesterday)
        counts = [today[name] for name in ("received", "open", "filled", "closed")]
        tour.check("today: 2 received, 1 filled, 1 closed", counts == [2, 0, 1, 1])
        positions = today["positions"] or {}
        tour.check(
            "positions: 4 wanted, 2 hired, 1 filled otherwise",
            positions == {"wanted": 4, "hired": 2, "filled_otherwise": 1},
        )
        before = self.before
        same = before is not None and all(before[name] == yesterday[name] for name in FIGURES)
        tour.check("the day before has not changed: 1 received, 1 open", same and yesterday["open"] == 1)

    def _status(self, day: dt.date) -> Answer:
        return self.tour.call("coordinator", "GET", f"statistics/status?as_of={day.isoformat()}")

    def _yes(self) -> dict[str, Any]:
        """The candidate has said yes today, on the phone."""
        return {
            "accepted_on": self.today.isoformat(),
            "channel": "phone",
            "talk_can_do": True,
            "talk_wants_to": True,
            "cv_checked": True,
        }


def _names(body: Any) -> bool:
    """Whether the body names one of Helsingør's citizens."""
    return any(name in str(body) for name in ("Sundvind", "Lærkesang"))


def _kept_in_time(order: dict[str, Any]) -> bool:
    """Whether the company was called before the promise was due."""
    responded, due = order["responded_at"], order["response_due_at"]
    return dt.datetime.fromisoformat(responded) <= dt.datetime.fromisoformat(due)
