"""Print a run of the given size in this process and say the peak of its memory, in KiB."""

from __future__ import annotations

import re
import resource
import sys
import tempfile
from pathlib import Path

from scripts.benchmarks.printing import print_into, signed_permits

STATUS = Path("/proc/self/status")


def peak_kb() -> int:
    """Return the most memory that this process held at once."""
    if STATUS.exists():
        # On Linux getrusage also counts what the parent held when it started this process.
        found = re.search(r"VmHWM:\s*(\d+) kB", STATUS.read_text())
        if found:
            return int(found[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print_into(Path(folder), signed_permits(int(sys.argv[1])))
    print(peak_kb())
