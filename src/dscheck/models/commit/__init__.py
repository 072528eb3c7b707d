"""Atomic commit: a transaction that several parties share happens for all of them, or for none."""
