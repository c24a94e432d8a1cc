"""Order numbers: NRS-2026-00001, running within the year of registration."""

from __future__ import annotations

from django.db import connection

from events import prepared
from joborders.models import NumberSeries

_NEXT = (
    "INSERT INTO {table} (year, last) VALUES (%s, 1) "
    "ON CONFLICT (year) DO UPDATE SET last = {table}.last + 1 RETURNING last"
)


def next_number(year: int) -> str:
    """The next number of the year. Its row stays locked until the transaction ends: no number is given twice."""
    with prepared.cursor() as cursor:
        cursor.execute(_NEXT.format(table=connection.ops.quote_name(NumberSeries._meta.db_table)), [year])
        (last,) = cursor.fetchone()
    return f"NRS-{year}-{last:05d}"
