"""Sequential specifications: what a data type does when one client after the other uses it.

Recordings are judged against them (checker/consistency), and the clients of models, too (checker/search).
"""
