"""Rules: what Python said, once, that the engine then repeats.

A run of a model's method leaves a footprint: what it observed and picked, and what it then did.  `system`
runs methods and teaches the engine their footprints; `recorder` is such a run; `slots` and `encoding` turn
places and values into the engine's numbers; `networks` and `faults` say what messages in flight and failures
are; `audit` looks for models that depend on more than their state.
"""
