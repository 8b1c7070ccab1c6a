"""What `scripts/bench` measures, a module for each part; see `docs/benchmarks.md`."""
