"""Where personal data lies: every table with people, and every text field of it, declared in one place.

`docs/privacy.md` holds the map that is written from here (`manage.py data_map`). A table or a text field that nobody
has declared fails a test: whoever adds one says whose it is, what it is for, and how long it stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, CharField, FileField, JSONField, Model, TextField

CITIZEN, CONTACT, STAFF = "citizen", "company's contact", "staff"
WITH_THE_CANDIDATE = "with the candidate; 13 months after the last change of an inactive one"
WITH_THE_ORDER = "with the order"
SIX_MONTHS = "6 months after the order's end"
NOTHING: dict[str, str] = {}
HOUSE = (
    "accounts", "api", "campaigns", "candidates", "companies", "events", "gatherings", "joborders", "mailroom",
    "municipalities", "notifications", "privacy", "screening", "vocabulary", "web",
)  # fmt: skip
BEGIN, END = "<!-- data map: begin (manage.py data_map) -->", "<!-- data map: end -->"
DOCUMENT = Path(settings.BASE_DIR) / "docs" / "privacy.md"


@dataclass(frozen=True, slots=True)
class Table:
    """One table with people. `texts`: text field → what it says of them; `codes`: text fields that hold codes only."""

    whose: str
    why: str
    kept: str
    texts: dict[str, str] = field(default_factory=dict)
    codes: str = ""


_PROFILE = "must-haves and fit"
PERSONAL: dict[str, Table] = {
    "accounts.User": Table(
        STAFF, "logging in", "while employed; switched off after", {
            "email": "address", "name": "name", "phone": "phone", "password": "hash", "saved_views": "names of filters",
        }, "language"),
    "accounts.ApiToken": Table(STAFF, "machines' access", "a year", {"label": "label"}, "prefix digest scope"),
    "accounts.SecondFactor": Table(STAFF, "logging in", "with the user", NOTHING, "nonce recovery"),
    "accounts.ExternalLogin": Table(
        STAFF, "logging in", "with the user", {"subject": "name at the identity provider"}, "issuer"),
    "municipalities.Membership": Table(STAFF, "rights", "with the user", NOTHING, "role"),
    "candidates.Candidate": Table(
        CITIZEN, "job placement", WITH_THE_CANDIDATE, {
            "external_reference": "case reference", "postal_code": "postal code", "cv_text": "CV",
            "pseudonym": "pseudonym",
        }, "status",
    ),
    "candidates.Identity": Table(
        CITIZEN, "to call and present", WITH_THE_CANDIDATE,
        {"name": "name", "phone": "phone", "email": "address"}, "contact_way",
    ),
    "candidates.CandidateLicence": Table(CITIZEN, _PROFILE, WITH_THE_CANDIDATE),
    "candidates.CandidateCertificate": Table(CITIZEN, _PROFILE, WITH_THE_CANDIDATE),
    "candidates.CandidateSkill": Table(CITIZEN, _PROFILE, WITH_THE_CANDIDATE),
    "candidates.CandidateOccupation": Table(CITIZEN, _PROFILE, WITH_THE_CANDIDATE, {"title": "title held"}),
    "candidates.CandidateLanguage": Table(CITIZEN, _PROFILE, WITH_THE_CANDIDATE),
    "candidates.JobGoal": Table(CITIZEN, _PROFILE, WITH_THE_CANDIDATE),
    "candidates.Release": Table(CITIZEN, "who may see them", SIX_MONTHS, NOTHING, "to_municipality"),
    "candidates.AccessLog": Table(
        CITIZEN, "control of look-ups", "2 years", NOTHING,
        "home actor_kind actor_role actor_municipality purpose fields",
    ),
    "candidates.ImportJob": Table(
        CITIZEN, "import", "file: until read; report: 30 days", {"content": "profiles"}, "role format state"
    ),
    "candidates.ImportRow": Table(
        CITIZEN, "import", "30 days", {"external_reference": "case reference"}, "status problems"
    ),
    "joborders.Nomination": Table(
        CITIZEN, "placement on one order", SIX_MONTHS, {
            "cv_text": "CV as confirmed", "acceptance_by": "who noted the yes", "cv_reason": "why presented as it is",
            "end_text": "why it ended", "pseudonym": "pseudonym",
        }, "home_code state acceptance_channel cv_principles cv_gaps hire_terms end_reason",
    ),
    "joborders.HistoryNote": Table(
        CITIZEN, "history of an order", f"{SIX_MONTHS}; notes of nominations",
        {"text": "reasons and notes", "by_name": "who wrote"},
    ),
    "screening.VerdictRow": Table(
        CITIZEN, "screening, defended later", SIX_MONTHS, {"verdict": "the answer to each demand"},
        "home_code outcome inputs",
    ),
    "screening.Pseudonym": Table(CITIZEN, "cards", SIX_MONTHS, {"name": "pseudonym"}),
    "screening.Override": Table(
        CITIZEN, "departures from a list", SIX_MONTHS, {"reason": "why"}, "outcome"
    ),
    "screening.StandingList": Table(
        CITIZEN, "news of a list", "while the order is open", NOTHING, "home_code table_version entries"
    ),
    "screening.CoursePass": Table(CITIZEN, "certificates earned", WITH_THE_CANDIDATE, NOTHING, "home_code"),
    "privacy.LegalHold": Table(CITIZEN, "a case needs the data", WITH_THE_CANDIDATE, {"reason": "why"}),
    "privacy.ErasureNotice": Table(CITIZEN, "notice of deletion", WITH_THE_CANDIDATE),
    "privacy.Check": Table(
        CITIZEN, "control of look-ups", "with the sample", {
            "question": "auditor's question", "answer": "reader's answer", "remark": "auditor's remark",
        }, "place actor_role purpose fields conclusion",
    ),
    "companies.Contact": Table(
        CONTACT, "to reach the company", "until ended by hand", {
            "name": "name", "title": "title", "email": "address", "phone": "phone", "best_time": "best time",
        },
    ),
    "companies.ContactLogEntry": Table(
        CONTACT, "what was agreed", "with the company", {
            "about": "subject", "text": "what was said", "next_step": "next step", "by_name": "who wrote",
        }, "kind municipality_code",
    ),
    "companies.LeadPeriod": Table(
        STAFF, "who leads a company", "with the company",
        {"decided_by": "who decided", "reason": "why", "agreed_with": "with whom"}, "why",
    ),
    "companies.RegisterImport": Table(
        STAFF, "register import", "with the register", {"by_name": "who", "file_name": "file", "content": "rows"},
        "state report",
    ),
    "joborders.JobOrder": Table(
        CONTACT, "the order", WITH_THE_ORDER, {
            "contact_name": "name", "contact_phone": "phone", "contact_email": "address",
            "contact_best_time": "best time", "description": "text", "internal_note": "text", "title": "text",
            "close_text": "text", "wage": "text", "apply_how": "text", "apply_link": "link",
            "workplace_street": "street", "collective_agreement": "text",
        },
        "contact_language number state routed_by intake_by tovholder channel close_reason workplace_postal_code "
        "workplace_municipality "
        "type employment",
    ),
    "joborders.Revision": Table(
        CONTACT, "what was asked when", WITH_THE_ORDER, {"wanted": "the order then", "by_name": "who changed it"}
    ),
    "joborders.SupplyAnswer": Table(STAFF, "answers of the nine", WITH_THE_ORDER, {"note": "text"}),
    "joborders.Intake": Table(
        CONTACT, "calls and mails", "90 days unless it became an order", {
            "contact_name": "name", "contact_phone": "phone", "contact_email": "address", "text": "what was said",
        }, "state channel cvr",
    ),
    "joborders.FollowLink": Table(CONTACT, "the company's own view", WITH_THE_ORDER, NOTHING,
                                  "digest code_digest opened_digest"),
    "mailroom.IncomingMail": Table(
        CONTACT, "mails to the mailbox", "90 days unless it became an order", {
            "sender": "address", "sender_name": "name", "subject": "subject", "text": "words", "clues": "what was read",
        }, "message_id fingerprint failure state why guessed_by",
    ),
    "mailroom.MailFile": Table(
        CONTACT, "files of mails", "as the mail; quarantine 90 days", {"name": "file name"},
        "content_type state why path",
    ),
    "notifications.Mail": Table(
        CONTACT, "mails sent", "90 days after they were written", {
            "to": "address", "subject": "subject", "text": "words", "calendar": "date of a talk",
            "secret": "sealed code or link",
        },
        "key template language state failure",
    ),
    "notifications.Absence": Table(STAFF, "who takes over", "with the user"),
    "notifications.CalendarFeed": Table(STAFF, "calendar of promises", "with the user", NOTHING, "digest"),
    "notifications.Following": Table(STAFF, "news", "with the user"),
    "notifications.Notice": Table(STAFF, "news", "180 days once read", NOTHING,
                                 "key template kind number target"),
    "notifications.Preference": Table(STAFF, "news", "with the user", NOTHING, "kind how"),
    "web.OrderDraft": Table(CONTACT, "an order being written", "14 days", {"data": "the form"}, "digest"),
    "web.Tries": Table(CONTACT, "brake on misuse", "an hour", NOTHING, "what address"),
    "api.IdempotencyKey": Table(
        CITIZEN, "an answer given again", "1 day, sealed", {"body": "sealed answer"},
        "scope key fingerprint method_path headers",
    ),
    "campaigns.Target": Table(CONTACT, "calls of a campaign", "with the campaign",
                              {"name": "company's name", "next_step": "next step"},
                              "industry_code division lead_code last_outcome"),
    "campaigns.Placement": Table(STAFF, "who calls", "with the campaign", {"by_name": "who", "reason": "why"},
                                 "municipality_code"),
    "campaigns.OrderLink": Table(STAFF, "orders won", "with the campaign", {"by_name": "who", "reason": "why"}),
    "campaigns.Letter": Table(STAFF, "letters", "with the campaign",
                              {"subject": "subject", "text": "words", "by_name": "who wrote"}),
    "campaigns.Campaign": Table(STAFF, "campaigns", "kept", {"created_by": "who", "purpose": "text", "name": "name"},
                                "industry_version divisions municipalities needs occupations"),
    "campaigns.FocusIndustry": Table(STAFF, "campaigns", "kept", {"decided_by": "who", "name": "name"},
                                     "industry_version divisions"),
    "campaigns.Goal": Table(STAFF, "goals", "kept", {"by_name": "who set it", "assumptions": "text", "name": "name"},
                            "measure municipality frequency baseline_from compared_with"),
    "campaigns.TestPeriod": Table(STAFF, "estimate of savings", "kept",
                                  {"by_name": "who", "assumptions": "text", "name": "name"}, "municipality"),
    "campaigns.StatusPack": Table(STAFF, "figures as reported", "kept", {"by_name": "who made it"}, "figures digest"),
    "companies.AgreementDocument": Table(
        CONTACT, "signed agreements, on disk", "with the agreement",
        {"name": "file name", "by_name": "who uploaded"}, "stored_as sha256",
    ),
    "gatherings.Commitment": Table(CONTACT, "business network", "with the company", {"text": "what was said"}, "side"),
    "gatherings.CompetenceNeed": Table(STAFF, "business network", "kept", {"by_name": "who wrote", "text": "text"}),
    "gatherings.Gathering": Table(STAFF, "meetings", "kept", {"text": "text", "title": "title"}, "kind place"),
    "screening.Course": Table(STAFF, "courses", "kept", {"planned_by": "who"}, "state title provider"),
    "events.Event": Table(CITIZEN, "what happened, by ids and codes", "kept", NOTHING,
                          "type municipality audience actor_kind actor_role actor_municipality data"),
}  # fmt: skip
#: Tables without people.
IMPERSONAL = frozenset(
    (
        "vocabulary.VocabularyStamp", "vocabulary.IscoGroup", "vocabulary.Occupation", "vocabulary.Skill",
        "vocabulary.SkillBroader", "vocabulary.OccupationSkill", "vocabulary.Industry", "vocabulary.Licence",
        "vocabulary.Certificate", "vocabulary.Language", "events.Inbox", "events.Attempt", "events.Webhook",
        "events.Delivery", "events.Pulse", "municipalities.Municipality", "municipalities.MunicipalityBoundary",
        "municipalities.ClaimRule", "municipalities.ClosingDay",
        "municipalities.DutyPeriod", "municipalities.PostalCode",
        "municipalities.PostalDistance", "companies.Company", "companies.ProductionUnit", "companies.Agreement",
        "companies.ForecastLine", "gatherings.NetworkMember", "gatherings.Invitation",
        "joborders.Requirement", "joborders.OrderSpan", "joborders.Escalation", "joborders.NumberSeries",
        "joborders.IntakeEscalation", "mailroom.Mailbox", "screening.Change", "screening.Epoch",
        "screening.CourseSeats", "screening.Notice", "screening.ListRound", "screening.Figures", "screening.Run",
        "joborders.StillNeeded", "notifications.Feedback",
        "campaigns.Attempt", "privacy.RetentionRule", "privacy.RetentionRun", "privacy.Erasure", "privacy.Sample",
    )
)  # fmt: skip


def models() -> Iterator[type[Model]]:
    """The house's own tables."""
    for app in HOUSE:
        yield from apps.get_app_config(app).get_models()


def text_fields(model: type[Model]) -> set[str]:
    """The fields of a table that could hold words about somebody."""
    kinds = (CharField, TextField, JSONField, BinaryField, FileField)
    return {one.name for one in model._meta.concrete_fields if isinstance(one, kinds)}


def problems() -> list[str]:
    """What is not declared, declared twice, or declared and no longer there."""
    known = {model._meta.label: model for model in models()}
    found = [f"{label}: in no list" for label in known.keys() - PERSONAL.keys() - IMPERSONAL]
    found += [f"{label}: in both lists" for label in PERSONAL.keys() & IMPERSONAL]
    found += [f"{label}: no such table" for label in (PERSONAL.keys() | IMPERSONAL) - known.keys()]
    for label in PERSONAL.keys() & known.keys():
        table = PERSONAL[label]
        declared, there = table.texts.keys() | set(table.codes.split()), text_fields(known[label])
        found += [f"{label}.{name}: not declared" for name in there - declared]
        found += [f"{label}.{name}: no such text field" for name in declared - there]
    return sorted(found)


def written() -> str:
    """The map as a table in Markdown."""
    lines = ["| table | whose | text about people | what for | how long |", "|---|---|---|---|---|"]
    for label, table in sorted(PERSONAL.items(), key=lambda item: (item[1].whose, item[0])):
        texts = ", ".join(f"{name} ({says})" for name, says in table.texts.items()) or "–"
        lines.append(f"| `{label}` | {table.whose} | {texts} | {table.why} | {table.kept} |")
    return "\n".join(lines)


def document() -> str:
    """docs/privacy.md with the map of today. Raises ValueError where the marks are missing."""
    text = DOCUMENT.read_text()
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{DOCUMENT.name} has lost the marks of the data map")
    return f"{before}{BEGIN}\n{written()}\n{END}{after}"
