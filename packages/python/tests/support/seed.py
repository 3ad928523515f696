"""Chance that can be had again."""

from __future__ import annotations

import os
import random


def seeded() -> random.Random:
    """Prints its seed; ``TEST_SEED=…`` brings the run back."""
    seed = int(os.environ.get("TEST_SEED") or random.SystemRandom().randrange(2**31))
    print(f"\nTEST_SEED={seed}", flush=True)
    return random.Random(seed)
