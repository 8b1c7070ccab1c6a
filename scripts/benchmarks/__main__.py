"""`scripts/bench [--quick] [--json]`."""

from __future__ import annotations

import argparse
import json

from scripts.benchmarks.figures import measure, table
from scripts.benchmarks.sizes import FULL, QUICK


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, under a minute")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    arguments = parser.parse_args()
    document = measure(QUICK if arguments.quick else FULL)
    print(json.dumps(document, indent=2) if arguments.json else table(document))


if __name__ == "__main__":
    main()
