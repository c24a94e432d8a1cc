"""The audit of packages is never green because it looked at nothing."""

from __future__ import annotations

from tools import audit

FINE = {"name": "django", "version": "5.2.8", "vulns": []}
SKIPPED = {"name": "kombu", "skip_reason": "Dependency not found"}
BAD = {"name": "pypdf", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"]}]}


def test_only_a_whole_look_is_clean() -> None:
    assert audit.judge([FINE])[0] == audit.CLEAN
    assert audit.judge([FINE, SKIPPED]) == (audit.FOUND, "skipped, and therefore not audited: kombu")
    assert audit.judge([SKIPPED, BAD])[0] == audit.FOUND
    assert audit.judge([SKIPPED])[0] == audit.judge([])[0] == audit.NOT_ASKED
