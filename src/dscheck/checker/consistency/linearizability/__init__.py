"""Linearizability and sequential consistency: near-linear algorithms by data type first, search last."""
