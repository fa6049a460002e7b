"""Ratio benchmarks: `python -m benchmarks`. Each figure stands beside a reference measured in the same run."""
