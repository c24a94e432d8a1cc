"""Who can log in, and the tokens of machines. Which municipality somebody acts for is in `municipalities`."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users; e-mail is the name to log in by, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A user with a usable password, or none if `password` is None. Raises ValueError without e-mail."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """A user who may open the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> User:
        """Log in whatever the case of the address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in: by e-mail, with a name that colleagues see."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    date_joined = models.DateTimeField(_("created"), auto_now_add=True)
    language = models.CharField(
        _("language of mails"), max_length=2, choices=[("da", _("Danish")), ("en", _("English"))], default="da"
    )
    unread_notices = models.PositiveIntegerField(
        default=0, editable=False, help_text="counted by notifications; read with the user, as every page does"
    )
    session_epoch = models.PositiveIntegerField(
        default=0, editable=False, help_text="one more ends every login: see accounts.sessions.end_all"
    )
    saved_views = models.JSONField(default=list, editable=False, help_text="see accounts.saved_views")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is held to at every request: the password and, once logins were ended, their count."""
        salt = "accounts.User.session"
        return salted_hmac(salt, f"{self.password}{self.session_epoch}", secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """The name that colleagues see."""
        return self.name


class ApiToken(models.Model):
    """A machine's token: shown once, kept as a digest, bound to one membership or one company, expiring."""

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    label = models.CharField(_("label"), max_length=120)
    prefix = models.CharField(max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    membership = models.UUIDField(_("membership"), null=True, blank=True, help_text=_("public id of the membership"))
    company = models.UUIDField(_("company"), null=True, blank=True, help_text=_("public id of the company"))
    scope = models.CharField(_("scope"), max_length=5, choices=Scope, default=Scope.READ)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a_token_acts_for_one_membership_or_one_company",
                condition=models.Q(membership__isnull=False, company__isnull=True)
                | models.Q(membership__isnull=True, company__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class SecondFactor(models.Model):
    """The second step of a login: codes of an app (RFC 6238), or one of ten written down. See accounts.second_factor.

    The secret is not kept: it follows from the server's key and `nonce`.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    nonce = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField()
    last_step = models.BigIntegerField(help_text="a code is taken once")
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    recovery = models.JSONField(default=list, help_text="digests of the codes written down that are left")


class ExternalLogin(models.Model):
    """A person of an identity provider, and whose account that is. See accounts.identity."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="external_logins", verbose_name=_("user"))
    issuer = models.CharField(_("identity provider"), max_length=255)
    subject = models.CharField(_("name there"), max_length=255, help_text=_("the claim `sub`, never a CPR number"))
    created_at = models.DateTimeField(_("created"))
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("login through a provider")
        verbose_name_plural = _("logins through providers")
        ordering = ["user", "issuer"]
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_per_issuer_and_subject")]

    def __str__(self) -> str:
        return self.issuer
