"""Isolation levels of transactions: one dependency graph, levels, and anomalies that tell them apart."""
