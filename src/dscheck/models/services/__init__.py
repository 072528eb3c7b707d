"""Services of an application: what they share, lock, cache, and tell each other."""
