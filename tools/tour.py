"""`./run tour`: the product is running at the address given; people are made in its database, calls go over HTTP."""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    """Take the tour; the exit code is 1 when a check failed, 2 when it was called wrongly."""
    if len(arguments) != 1:
        print("usage: python -m tools.tour http://127.0.0.1:PORT", file=sys.stderr)
        return 2
    import django

    django.setup()
    from nrs.tour.run import take

    return take(arguments[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
