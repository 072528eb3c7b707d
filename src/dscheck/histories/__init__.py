"""Recordings of real systems as data: what clients asked, what they were told, and when."""

# The data flows down this list, and so do the imports; judging is elsewhere, in checker/consistency.
#
#   values      codes of values: 64-bit numbers that are equal exactly where the values are
#   history     operations as columns, transactions as columns of micro-operations
#   building    a history operation by operation, for readers in Python, for recorders and for tests
#   validation  what no recording can contain, by line
#   formats/    one reader (and writer, where it makes sense) per format
#   statistics/ what a recording says about load and latency
