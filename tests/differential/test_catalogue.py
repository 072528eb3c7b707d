"""The catalogue: engine and oracle agree on every model and every mutant, at sizes that the oracle can manage."""

from __future__ import annotations

import pytest

from differential.agreement import compare
from dscheck import Model
from dscheck.models import catalogue
