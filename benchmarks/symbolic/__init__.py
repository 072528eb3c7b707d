"""Sets of states in place of states: `python -m benchmarks.symbolic`.

jobs.py says what is measured, child.py does one job in a process of its own, orders.py has the orders of
slots that are compared, peer.py the same rules in the decision diagrams of oxidd, and report.py prints it.
"""
