"""Benchmarks: what the hotline does on this machine, each figure beside its floor in the same run or its goal."""
