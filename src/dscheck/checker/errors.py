"""The errors that dscheck raises on purpose; each says what to write instead."""

from __future__ import annotations


class DscheckError(Exception):
    """Any error that dscheck raises on purpose: the input is at fault, not the checker."""


class ModelError(DscheckError):
    """The model is at fault: it breaks a rule of the notation."""


class HiddenState(ModelError):  # noqa: N818 - a finding about the model rather than an error of ours
    """The model depends on something that is not a tracked variable: a global, the clock, randomness."""


class UnpairedOperation(DscheckError):  # noqa: N818 - a finding about the model rather than an error of ours
    """The model's clients answer what nobody asked, ask two things at once, or never come to an end."""
