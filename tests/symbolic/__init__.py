"""The symbolic search, compared with the explicit one, the oracle and plain sets.

agreement.py  what results of both engines must have in common
rulebook.py   small sets of rules, drawn at random, and what they mean in plain Python
"""
