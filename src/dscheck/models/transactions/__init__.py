"""Transactions: what many do at the same time to what they share, as if one after the other."""
