"""The other checkers: what each needs, how it is built, what it says."""
