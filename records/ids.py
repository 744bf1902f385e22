"""Permanent public ids: random, short, readable aloud, never reused."""

import secrets

# No 0/o, 1/l/i: an id is read from a printed page and typed again. 31 ** 10 is 8e14.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10


def new_id() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
