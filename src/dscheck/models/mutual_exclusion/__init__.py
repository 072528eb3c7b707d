"""Mutual exclusion: never two at once in what only one may do at a time."""
