"""House rules that a reader should never have to check by eye (shared style, section on guards)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
APPS = [
    "accounts",
    "campaigns",
    "gatherings",
    "candidates",
    "companies",
    "events",
    "joborders",
    "mailroom",
    "municipalities",
    "notifications",
    "privacy",
]
PACKAGES = ["bench", *APPS, "api", "nrs", "screening", "tests", "tools", "vocabulary", "web"]
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
ONLY_IN = {
    "rest_framework": {"api"},
    "drf_spectacular": {"api"},
    "django_filters": {"api"},
    "django.forms": {"web"},
    "django.shortcuts": {"web"},
    "django.template": {"web", "notifications"},
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*packages: str) -> list[Path]:
    """The Python files that people write: migrations are generated."""
    chosen = packages or PACKAGES
    found = [path for name in chosen for path in (REPO / name).rglob("*.py") if "migrations" not in path.parts]
    return sorted([*found, REPO / "run", REPO / "manage.py"] if not packages else found)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(REPO)}:{line}"


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every absolute import as a dotted name: `from a.b import c` gives a.b.c."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def without_of(path: Path) -> list[str]:
    """Calls of select_for_update that do not say which tables they lock."""
    return [
        place(path, node.lineno)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and "of" not in {keyword.arg for keyword in node.keywords}
    ]


def own_clocks(path: Path) -> list[str]:
    """Reads of the machine's clock: services take their time from events.clock."""
    wanted = {
        "timezone.now",
        "datetime.now",
        "datetime.utcnow",
        "date.today",
        "datetime.today",
        "timezone.localdate",
    }
    return [
        place(path, node.lineno)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in wanted
    ]


def test_no_source_file_is_longer_than_400_lines() -> None:
    long = [f"{path.relative_to(REPO)}: {n}" for path in sources() if (n := len(path.read_text().splitlines())) > 400]
    assert not long, f"a file over {LONGEST_FILE} lines is a missing idea"


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{place(path, node.lineno)} {node.name}"
        for path in sources()
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long, f"a function over {LONGEST_FUNCTION} lines is a missing idea"


def test_every_lock_names_its_tables() -> None:
    assert [found for path in sources() for found in without_of(path)] == []


@pytest.mark.parametrize("module", ONLY_IN)
def test_a_framework_is_imported_only_where_it_belongs(module: str) -> None:
    elsewhere = [name for name in PACKAGES if name not in ONLY_IN[module] | {"bench", "tests", "tools", "nrs"}]
    found = [
        place(path, line)
        for path in sources(*elsewhere)
        for name, line in imported(path)
        if (name == module or name.startswith(f"{module}.")) and path.name != "admin.py"
    ]
    assert found == []


def test_services_read_one_clock() -> None:
    layers = [name for name in PACKAGES if name not in {"tests", "tools", "nrs"}]
    found = [hit for path in sources(*layers) if path != REPO / "events/clock.py" for hit in own_clocks(path)]
    assert found == []


def test_every_signature_has_types() -> None:
    bare = [
        f"{place(path, node.lineno)} {node.name}"
        for path in sources(*[name for name in PACKAGES if name != "tests"])
        for node in functions(path)
        if node.returns is None or any(a.annotation is None for a in parameters(node))
    ]
    assert bare == []


def parameters(node: Function) -> list[ast.arg]:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [arg for arg in every if arg.arg not in {"self", "cls"}]


def test_the_guards_see_what_they_guard(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(
        "import rest_framework\nx.select_for_update()\ny.select_for_update(of=('self',))\ntimezone.now()\n"
    )
    assert [name for name, _ in imported(sample)] == ["rest_framework"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.REPO", tmp_path)
        assert without_of(sample) == ["sample.py:2"]
        assert own_clocks(sample) == ["sample.py:4"]
