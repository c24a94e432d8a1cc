"""Domain errors carry what the caller needs to go on."""

from __future__ import annotations

import ast
from pathlib import Path

from events import errors


def test_one_problem_or_several_make_an_invalid() -> None:
    problem = errors.FieldProblem("/cvr", "cvr_check_digit", "Wrong check digit.")
    assert list(errors.Invalid(problem).errors) == [problem]
    assert list(errors.Invalid([problem, problem]).errors) == [problem, problem]
    assert errors.Invalid.field("cvr", "cvr_check_digit", "Wrong check digit.").errors[0] == problem
    assert str(errors.Invalid(problem)) == "/cvr: Wrong check digit."


def test_a_stale_decision_says_what_changed_and_what_is_possible_now() -> None:
    error = errors.Stale(version=3, changed=["title"], changed_by="0219", allowed=["claim"])
    assert error.extra == {"version": 3, "changed": ["title"], "changed_by": "0219", "allowed": ["claim"]}
    assert (error.code, error.status) == ("stale", 412)


def test_a_refused_step_names_the_possible_ones() -> None:
    error = errors.StepRefused(allowed=("close",))
    assert (error.allowed, error.extra, error.status) == (("close",), {"allowed": ["close"]}, 409)


def test_messages_become_text_only_when_shown() -> None:
    class Lazy:
        def __str__(self) -> str:
            return "now"

    message = Lazy()
    error = errors.Conflict("taken", message, by="0219")
    assert error.message is message
    assert (str(error), error.extra) == ("now", {"by": "0219"})


def test_clock_and_errors_import_no_django() -> None:
    for name in ("clock.py", "errors.py"):
        tree = ast.parse((Path(errors.__file__).parent / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [found for found in names if found.split(".")[0] in {"django", "rest_framework", "celery"}]
