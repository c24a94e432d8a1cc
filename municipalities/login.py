"""Who a session belongs to, read at each request together with what they may act through today."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import User
from municipalities.membership import current, keep_with


class MemberBackend(ModelBackend):
    """Django's own check of passwords. The user of a session comes with the memberships of today, in one statement."""

    def get_user(self, user_id: Any) -> User | None:
        """The active user of this key, or None."""
        found = list(current(user=user_id).select_related("user", "municipality"))
        if not found:
            return super().get_user(user_id)  # somebody without a membership today: logged in, and without access
        user = keep_with(found[0].user, found)
        return user if self.user_can_authenticate(user) else None
