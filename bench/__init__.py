"""The benchmarks: `./run bench [part] [--json FILE]` (docs/performance.md)."""
