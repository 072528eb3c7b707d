"""Session guarantees, causal consistency and staleness: what clients may expect of reads that lag behind."""
