"""`./run bench [part …] [--size N] [--orders N] [--json FILE] [--fresh]`: measures in databases of its own."""

from __future__ import annotations

import argparse
import json
import os
import secrets
from contextlib import nullcontext
from pathlib import Path

from bench import database, server


def main(arguments: list[str]) -> int:
    """Measure the parts named (all by default) and print the table. Returns 1 if a figure misses its goal."""
    from bench.parts import PARTS

    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one of {', '.join(PARTS)}; all without a word")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    parser.add_argument("--size", type=int, choices=database.SIZES, default=database.SIZES[0], help="candidates")
    parser.add_argument(
        "--orders", type=int, choices=database.HISTORIES, default=database.HISTORIES[1], help="statistics: the history"
    )
    parser.add_argument("--fresh", action="store_true", help="fill the region anew")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known are {', '.join(PARTS)}")
    chosen = [name for name in PARTS if name in options.parts or not options.parts]
    if "screening" in chosen and "index" in chosen:
        chosen.remove("index")  # a part of it
    server_url, env = os.environ["DATABASE_URL"], _environment()
    os.environ.update(env)
    for name in ("NRS_DEMO", "NRS_TEST", "DEBUG"):  # production settings, as served
        os.environ.pop(name, None)
    with database.fresh_copy(server_url, env, size=options.size, anew=options.fresh) as url:
        return _measure(chosen, url, env, options)


def _environment() -> dict[str, str]:
    """What the processes of the benchmark start with. The embedded broker is a folder; no worker listens."""
    folder = Path(os.environ.get("DATA_DIR") or database.REPO / "var" / "bench")
    folder.mkdir(parents=True, exist_ok=True)
    secret = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(64)
    return {"DATA_DIR": str(folder), "SECRET_KEY": secret, "LOG_LEVEL": "WARNING", "BROKER_URL": "memory://"}


def _measure(chosen: list[str], url: str, env: dict[str, str], options: argparse.Namespace) -> int:
    import django

    from bench import inside, report
    from bench.parts import NEED_NO_SERVER, PARTS, Bench

    size, file = options.size, options.json
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "nrs.settings"
    django.setup()
    machine = report.machine(url, size)
    if "pages" in chosen:
        inside.collect()
    known = inside.prepare()
    inside_env = {**env, "DATABASE_URL": url, "BENCH_HOME": known.home}
    needs_server = not NEED_NO_SERVER.issuperset(chosen) and not (chosen == ["screening"] and size > database.SIZES[0])
    with server.serving(inside_env, Path(env["DATA_DIR"])) if needs_server else nullcontext(0) as port:
        bench = Bench(port, known, size, options.orders)
        for name in chosen:
            print(f"measuring {name} …", flush=True)
            PARTS[name](bench)
    django.db.connections.close_all()
    print("\n" + " · ".join(f"{name}: {value}" for name, value in machine.items()) + "\n")
    print(report.table(bench.figures))
    if file is not None:
        figures = [figure.as_data() for figure in bench.figures]
        file.write_text(json.dumps({"machine": machine, "figures": figures}, indent=1, ensure_ascii=False) + "\n")
    return int(any(figure.verdict == "MISS" for figure in bench.figures))
