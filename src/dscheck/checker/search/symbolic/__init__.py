"""Symbolic search: sets of states as decision diagrams, worked on as a whole.

The engine's `Diagrams` keep the sets and do what the rules say; here it is decided what to ask them for.

    warmup      a short explicit search and walks, so that most rules are known before the first set
    order       which slot comes where in the diagrams, from what depends on what
    lessons     Python taught about every state of a set that the rules do not cover
    layers      breadth first, set by set: exact depths and shortest counterexamples
    closure     all reachable states at once, by saturation
    refinement  whether the steps of whole sets are steps of the abstract model
    paths       a run that leads to a state of a layer
    report      what a search found, in the form that explicit ones have
    explore     the search as a whole
"""
