"""Counterexamples: told in the model's terms, explained, shown as text, saved and replayed."""
