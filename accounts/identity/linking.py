"""Which account a person of a provider has: by issuer and subject, and by nothing else."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from stdnum.dk import cpr

from accounts.identity.protocol import Answer
from accounts.identity.tokens import Refused
from accounts.models import ExternalLogin, User
from events import clock

LONGEST_NAME = 120


def user_of(answer: Answer) -> User | None:
    """Whose account it is, if somebody's. Raises Refused where it has been switched off."""
    found = ExternalLogin.objects.select_related("user").filter(**_key(answer)).first()
    if found is not None and not found.user.is_active:
        raise Refused("switched_off")
    return found.user if found else None


def ways_in(user: User) -> list[dict[str, Any]]:
    """Every provider with the user's tie to it, if there is one: for the profile. No query without providers."""
    known = settings.OIDC_PROVIDERS.values()
    tied = {one.issuer: one for one in user.external_logins.all()} if known else {}
    return [{"provider": one, "tie": tied.get(one.issuer)} for one in known]


@transaction.atomic
def connect(user: User, answer: Answer) -> None:
    """Tie the person of the provider to an account that has just logged in. Raises Refused if it is another's."""
    row, _new = ExternalLogin.objects.get_or_create(**_key(answer), defaults={"user": user, "created_at": clock.now()})
    if row.user_id != user.pk:
        raise Refused("anothers")


@transaction.atomic
def register(answer: Answer) -> User:
    """A new account without a password for somebody whom a rule lets in.

    Raises Refused: `email` where the provider gives no usable address, `email_taken` where an account has it already.
    """
    claims = answer.claims
    email = _email(claims)
    if User.objects.filter(email=email).exists():
        raise Refused("email_taken")
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, name=_name(claims) or email)
            ExternalLogin.objects.create(**_key(answer), user=user, created_at=clock.now())
    except IntegrityError:
        raise Refused("email_taken") from None  # of two at the same moment one wins
    return user


def note_use(answer: Answer) -> None:
    """Keep when the tie was last used."""
    ExternalLogin.objects.filter(**_key(answer)).update(last_used_at=clock.now())


def disconnect(user: User, pk: int) -> bool:
    """Untie one of the user's own; not the last way in. True if it is gone."""
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        own = ExternalLogin.objects.filter(user=user)
        if not user.has_usable_password() and own.count() < 2:
            return False
        gone, _each = own.filter(pk=pk).delete()
    return bool(gone)


def _key(answer: Answer) -> dict[str, str]:
    """Raises Refused for a subject that is a CPR number: those are never stored."""
    digits = "".join(sign for sign in answer.subject if sign.isalnum())
    if cpr.is_valid(digits):
        raise Refused("subject_is_a_cpr_number")
    return {"issuer": answer.provider.issuer, "subject": answer.subject}


def _email(claims: Any) -> str:
    email = claims.get("email")
    is_told_unproved = claims.get("email_verified", True) not in (True, "true")
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("email") from None
    if is_told_unproved:
        raise Refused("email")
    return str(email).strip().lower()


def _name(claims: Any) -> str:
    parts = [claims.get("name")] if claims.get("name") else [claims.get("given_name"), claims.get("family_name")]
    name = " ".join(part for part in parts if isinstance(part, str))
    return " ".join(name.split())[:LONGEST_NAME]
