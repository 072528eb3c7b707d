"""Slow and obvious judges of recordings, from the definitions alone: what the checkers are compared with."""
