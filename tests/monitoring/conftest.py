"""Events by the handful, of types that are made up."""

from tests.events.conftest import append, events_as_declared

__all__ = ["append", "events_as_declared"]
