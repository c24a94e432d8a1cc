"""A primary and its streaming replica of the tests' own, in place of this process's databases for a while."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections

from events import replica
from municipalities import roles
from tests.faults.postgres import Cluster

DATABASE = "nrs_pair"


class Pair:
    """Both clusters, running."""

    def __init__(self) -> None:
        """Start the primary and copy it."""
        self.primary, self.replica = Cluster(), Cluster()
        try:
            self.primary.make()
            self.primary.start()
            self.primary.create(DATABASE)
            self.replica.follow(self.primary)
            self.replica.start()
        except BaseException:
            self.remove()
            raise

    def migrate(self) -> None:
        """The schema and the roles behind the wall; the replica gets them by itself."""
        with self.in_place():
            call_command("migrate", verbosity=0)
            roles.install(connections[DEFAULT_DB_ALIAS])

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Django's databases are these two within the block."""
        there = {DEFAULT_DB_ALIAS: self.primary, replica.ALIAS: self.replica}
        before = {alias: connections[alias] for alias in there if alias in connections.settings}
        told = {alias: connections.settings.get(alias) for alias in there}
        model = connections.settings[DEFAULT_DB_ALIAS]
        try:
            for alias, cluster in there.items():
                named: dict[str, Any] = {"HOST": "127.0.0.1", "PORT": cluster.port, "NAME": DATABASE, "USER": "nrs"}
                connections.settings[alias] = {**copy.deepcopy(model), "PASSWORD": "", **named}
                connections[alias] = connections.create_connection(alias)
            replica.forget()
            yield
        finally:
            for alias in there:
                connections[alias].close()
                del connections[alias]
                if alias in before:
                    connections.settings[alias], connections[alias] = told[alias], before[alias]
                else:
                    del connections.settings[alias]
            replica.forget()

    def remove(self) -> None:
        """Stop both and throw them away."""
        self.replica.remove()
        self.primary.remove()
