"""Text in, the same text without e-mail addresses out: what every visitor gets, on pages, in snippets and exports."""

import re

# A local part, an @ (also written out as "(at)" or " [at] "), and a domain with a dot.
ADDRESS = re.compile(
    r"(?<![\w.+-])(?P<local>[A-Za-z0-9][\w.+-]*)\s?(?:@|\(at\)|\[at\])\s?(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![\w-])"
)


def mask(text: str) -> str:
    """`ada@example.org` becomes `ada@…`: one still sees that an address stands there."""
    return ADDRESS.sub(lambda found: f"{found['local']}@…", text)
