"""Election: one of several becomes the leader, and all others know it."""
