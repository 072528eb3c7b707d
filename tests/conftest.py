"""What holds for all tests.

Hypothesis draws the same examples in every run, so that a red test is red for everybody.

    HYPOTHESIS_PROFILE=search pytest tests/differential

looks for new ones instead, many more of them.
"""

from __future__ import annotations

import os
import signal

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("differential.agreement")

settings.register_profile("steady", derandomize=True, database=None, deadline=None)
settings.register_profile("search", max_examples=3000, database=None, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

signal.signal(signal.SIGINT, signal.default_int_handler)
"""Started in the background, a test run inherits a deaf ear for Ctrl-C, and some tests press it."""
