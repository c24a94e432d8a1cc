"""`./run bench`: hands over to the package `bench`, in the environment that the command line has set up."""

from __future__ import annotations

import sys

from bench.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
