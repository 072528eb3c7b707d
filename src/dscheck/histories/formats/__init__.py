"""Readers of histories, one per format, and writers where it makes sense."""
