"""Results in the formats of other tools: what continuous integration reads."""
