"""What somebody may change about themselves: name, phone, the address to log in by, and the password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.errors import FieldProblem, Invalid


@transaction.atomic
def change(user: User, *, name: str, phone: str, email: str, password: str = "") -> User:
    """Keep name, phone and mail address. Another address is the key to log in by: it takes the present password.

    Raises Invalid with the pointers /name, /email and /password.
    """
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    name, email = " ".join(name.split()), email.strip().lower()
    if not name:
        raise Invalid.field("/name", "required", _("Write your name."))
    if email != row.email:
        if not row.check_password(password):
            raise Invalid.field("/password", "wrong", _("Write your present password to change the e-mail address."))
        row.email = email
    row.name, row.phone = name, phone.strip()
    try:
        with transaction.atomic():
            row.save(update_fields=["name", "phone", "email"])
    except IntegrityError:
        raise Invalid.field("/email", "taken", _("This address cannot be used.")) from None
    return row


@transaction.atomic
def change_password(user: User, *, present: str, new: str) -> User:
    """Another password, by the rules of the settings. Raises Invalid with the pointers /present and /new."""
    row = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not row.check_password(present):
        raise Invalid.field("/present", "wrong", _("This is not your present password."))
    try:
        validate_password(new, row)
    except ValidationError as refused:
        raise Invalid([FieldProblem("/new", "weak", text) for text in refused.messages]) from None
    row.set_password(new)
    row.save(update_fields=["password"])
    return row
