"""docker-compose.yml, `./run`'s processes, the code's environment names and operations.md agree."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from tools import environment, processes

REPO = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((REPO / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OPERATIONS = (REPO / "docs" / "operations.md").read_text()
COMPOSE_ONLY = {"SITE_HOST", "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD"}
SET_BY_THE_SYSTEM = {"PATH", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE", "PYTHONUNBUFFERED"}
READERS = {
    "str",
    "bool",
    "int",
    "list",
    "url",
    "db_url",
    "email_url",
    "get",
    "setdefault",
    "float",
    "json",
    "dict",
}


def names_read(path: Path) -> set[str]:
    """Every environment name that a module reads: env.str("X"), os.environ["X"], os.environ.get("X")."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=attr), args=[ast.Constant(value=str(name)), *_]):
                if attr in READERS and ast.unparse(owner) in {"env", "os.environ"}:
                    found.add(name)
            case ast.Subscript(value=owner, slice=ast.Constant(value=str(name))):
                if ast.unparse(owner) == "os.environ":
                    found.add(name)
    return found


def names_in_code() -> set[str]:
    files = [*REPO.glob("nrs/*.py"), *REPO.glob("tools/*.py")]
    return set().union(*map(names_read, files)) - SET_BY_THE_SYSTEM


def names_in_table() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, flags=re.MULTILINE))


def test_the_table_in_operations_lists_every_name_that_the_code_reads() -> None:
    set_for_tests = {"NRS_TEST_LONG"}  # read by the tests themselves
    assert names_in_table() == names_in_code() | set_for_tests


def test_tests_start_without_every_name_of_the_product() -> None:
    product = {name for path in REPO.glob("nrs/*.py") for name in names_read(path)} - SET_BY_THE_SYSTEM
    assert product == environment.PRODUCT_NAMES


@pytest.mark.parametrize("name", processes.PROCESSES)
def test_compose_starts_the_processes_of_run_services(name: str) -> None:
    assert SERVICES[name]["command"] == processes.PROCESSES[name]


def test_compose_prepares_as_run_services_does() -> None:
    assert SERVICES["prepare"]["command"] == processes.PREPARE_SERVICES
    assert SERVICES["web"]["healthcheck"]["test"] == ["CMD", *processes.PROBE_WEB]


def test_compose_has_no_process_that_run_services_lacks() -> None:
    built = {name for name, service in SERVICES.items() if "build" in service}
    assert built == {*processes.PROCESSES, "prepare"}


def test_every_name_in_compose_is_one_that_the_code_reads() -> None:
    for name in [*processes.PROCESSES, "prepare"]:
        assert set(SERVICES[name]["environment"]) <= names_in_code()


def test_every_variable_in_compose_is_in_operations() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", (REPO / "docker-compose.yml").read_text()))
    assert used <= names_in_table() | COMPOSE_ONLY
    for name in COMPOSE_ONLY:
        assert f"`{name}`" in OPERATIONS


def test_secrets_have_no_default_in_compose() -> None:
    text = (REPO / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "SITE_HOST"):
        assert f"${{{name}:?" in text
        assert f"${{{name}:-" not in text


@pytest.mark.parametrize(
    ("service", "image"), [("postgres", "postgres:16"), ("rabbitmq", "rabbitmq:4"), ("proxy", "caddy:2")]
)
def test_images_are_the_major_versions_in_operations(service: str, image: str) -> None:
    assert SERVICES[service]["image"] == image
    product = {"postgres": "PostgreSQL", "rabbitmq": "RabbitMQ", "proxy": "Caddy"}[service]
    assert f"{product} {image.split(':')[1]}" in OPERATIONS


def test_each_process_waits_for_what_it_needs() -> None:
    healthy, done = "service_healthy", "service_completed_successfully"
    assert SERVICES["prepare"]["depends_on"]["postgres"]["condition"] == healthy
    assert SERVICES["proxy"]["depends_on"]["web"]["condition"] == healthy
    for name in processes.PROCESSES:
        assert SERVICES[name]["depends_on"]["prepare"]["condition"] == done
    assert "rabbitmq" not in SERVICES["web"]["depends_on"], "the outbox makes the broker optional for web"


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in {"prepare", "proxy"}])
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


def test_nothing_but_the_proxy_is_reachable_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_image_installs_by_hash_and_does_not_run_as_root() -> None:
    text = (REPO / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.txt" in text
    assert re.search(r"^USER nrs$", text, flags=re.MULTILINE)
    assert f"CMD {processes.PROCESSES['web']}".replace("'", '"') in text
