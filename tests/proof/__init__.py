"""Proofs by induction, compared with what trying every state says."""
