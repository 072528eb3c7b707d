"""Searches over the rules of a model: how far to go, what was covered, and the verdict."""
