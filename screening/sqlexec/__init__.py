"""Screening inside the database: the same integers as `screening.engine`, on PostgreSQL and on SQLite.

One statement per screening, built from the compiled order: what the order does not ask is not in it. `statement` puts
the stages together, `demands` and `parts` hold the rules of design.md §5 as SQL, `dialect` what differs.
"""

from screening.ranking import Listed, Ranking, of_oracle
from screening.sqlexec.execute import by_home, place, screen

__all__ = ["Listed", "Ranking", "by_home", "of_oracle", "place", "screen"]
