"""Verdicts as pictures: one self-contained page, bounded in size whatever the size of the history."""

# The data flows down this list, and so do the imports:
#
#   surroundings  which operations to show around a witness
#   lanes         operations as bars, one lane per process
#   cycle         transactions that had to come before each other
#   lattice       the levels, with what is kept, broken and unknown
#   page          all of it, with page.css and the few lines of page.js
