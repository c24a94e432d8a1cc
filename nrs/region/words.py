"""Made-up names and sentences. Given names are invented syllables, so that nobody is called like this."""

from __future__ import annotations

from random import Random

_GIVEN_START = ("Al", "Bir", "Cel", "Dor", "El", "Fen", "Gil", "Hes", "Is", "Jor", "Kel", "Lis", "Mor", "Nel", "Os")
_GIVEN_END = ("vo", "sa", "mo", "ra", "nis", "dea", "lo", "tin", "va", "rik", "sel", "mia", "no", "ta", "via")
_FAMILY_START = ("Bregne", "Tofte", "Mose", "Klit", "Eng", "Hasle", "Birke", "Vinter", "Sommer", "Ager", "Ravne")
_FAMILY_END = ("brink", "vang", "lykke", "hede", "kilde", "lund", "høj", "bro", "stub", "mark", "krog", "vig")
_FIRM_START = ("Nord", "Sund", "Fjord", "Esrum", "Kattegat", "Tranekær", "Bøge", "Ege", "Kystens", "Arre", "Dyre")
_FIRM_MIDDLE = ("sø", "skov", "havn", "kær", "dal", "bakke", "strand", "mølle", "gård", "holm", "lunde", "rød")
_FIRM_TRADE = ("Transport", "Byg", "Køkken", "Logistik", "Metal", "Service", "Hotel", "Anlæg", "Lager", "Maskiner")
_FIRM_FORM = ("ApS", "A/S", "I/S", "Gruppen", "& Co.")
_STREETS = ("Prøvevej", "Eksempelgade", "Modelvænget", "Skabelonstien", "Opdigtet Allé", "Mønstervej", "Tænktstræde")
_WHY = (
    "Vi har fået flere opgaver og mangler folk.",
    "En kollega går på pension, og vi søger en afløser.",
    "Sæsonen begynder, og vi vil gerne være klar.",
    "Vi åbner et nyt hold og søger flere på én gang.",
)
_HOW = (
    "Du bliver lært op af en erfaren kollega.",
    "Det vigtigste er, at du møder til tiden og har lyst til arbejdet.",
    "Vi lægger vægt på sikkerhed og godt humør.",
    "Arbejdet er fysisk, og der er faste pauser.",
)


def person_name(rng: Random) -> str:
    """A given and a family name, both invented."""
    return f"{rng.choice(_GIVEN_START)}{rng.choice(_GIVEN_END)} {rng.choice(_FAMILY_START)}{rng.choice(_FAMILY_END)}"


def firm_name(rng: Random) -> str:
    """The name of a company that does not exist."""
    place = rng.choice(_FIRM_START) + rng.choice(_FIRM_MIDDLE)
    return f"{place} {rng.choice(_FIRM_TRADE)} {rng.choice(_FIRM_FORM)}"


def street(rng: Random) -> str:
    """A street and a house number."""
    return f"{rng.choice(_STREETS)} {rng.randint(1, 180)}"


def phone(rng: Random) -> str:
    """A number that nobody can have: no Danish one begins with 00."""
    digits = f"00{rng.randrange(10**6):06d}"
    return f"+45 {digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:]}"


def order_text(rng: Random, occupation: str) -> str:
    """What a company would write about the job."""
    return f"Vi søger en {occupation}. {rng.choice(_WHY)} {rng.choice(_HOW)}"


def cv_text(rng: Random, occupation: str, months: int) -> str:
    """A few lines about somebody's working life."""
    return f"Jeg har arbejdet som {occupation} i {max(1, months // 12)} år. {rng.choice(_HOW)}"
