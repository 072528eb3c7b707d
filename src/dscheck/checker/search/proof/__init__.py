"""Proofs by induction: do the invariants of a model survive every step, reachable or not?

    prove.py       the public function: base case, induction, verdict
    base.py        what a bounded search says: the base case, the values seen, and what is reachable
    learning.py    footprints, learned from states that Z3 gives
    domains.py     which values each slot may hold, and whether the steps stay within them
    symbols.py     states as Z3's variables, and what observations of them mean
    solving.py     Z3 with limits
    induction.py   learn until every footprint is covered; then look for a step that breaks an invariant
    unrolling.py   the steps before that one, for k-induction
    witness.py     such a step, made small
    telling.py     and told as a trace
    proof.py       the outcome; wording.py says it in words

Steps, faults and properties are the footprints that every other search uses: one semantics.
"""
