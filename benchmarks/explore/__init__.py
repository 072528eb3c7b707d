"""Searches side by side: `python -m benchmarks.explore`.

process.py runs one command and reads off what it cost, contest.py lets several commands do the same job in
turn, suite.py says which jobs, targets.py what we want of them, and report.py prints it.
"""
