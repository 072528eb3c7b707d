"""Shared registers: reads and writes of one value, copied to several servers."""
