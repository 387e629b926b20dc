"""Remove secrets from texts for the log: keys, tokens, passwords, signatures, external IDs."""

from __future__ import annotations

import logging


def without_secrets(text: str) -> str:
    """Return ``text`` with everything that masking recognizes as a credential replaced by ``[removed]``."""
    from diagnostics.masking.kinds import EXTERNAL_IDS, SecretKind, find, unescaped

    kinds = (SecretKind.ACCESS_KEY, SecretKind.PASSWORD, SecretKind.SECRET, SecretKind.TOKEN)
    seen = unescaped(text)
    spans = [(found.start, found.end) for found in find(seen) if found.kind in kinds]
    spans += [match.span(1) for pattern in EXTERNAL_IDS for match in pattern.finditer(seen)]
    kept, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            kept += [text[at:start], "[removed]"] if start >= at else []
            at = end
    return "".join((*kept, text[at:]))


class WithoutSecrets(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))
