"""The garbage collector put aside while very many small values are made that all stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Blocks, pieces and turns are kept and hold no circles, so the collector finds nothing among them, yet looks
    through all of them again and again: a fifth of the time in large minutes. Whatever happens inside, it goes on
    afterwards, if it was at work before."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
