"""Searches side by side: `python -m benchmarks.explore`.

spaces.py says which state spaces there are and how each checker is asked for them, peers/ who the other
checkers are, suite.py which jobs are measured, contest.py lets several commands do the same job in turn,
targets.py says what we want of them, and report.py prints it.  promela/, stateright/ and tla/ are the others'
texts, models/ ours.
"""
