"""Engine against oracle: on the catalogue, and on whole models drawn at random.

cells.py      the nodes and messages of drawn models
language.py   what their methods are made of: a small language, defined by what it means in the notation
machine.py    a model that does what its program says
drawing.py    how Hypothesis draws a program
agreement.py  what the engine's result and the oracle's answer must have in common
"""
