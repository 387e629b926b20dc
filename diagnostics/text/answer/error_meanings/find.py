"""Find what an error code means."""

from __future__ import annotations

import re
from functools import cache

from diagnostics.text.answer.error_meanings.accounts import ACCOUNTS
from diagnostics.text.answer.error_meanings.certificates_and_domains import CERTIFICATES_AND_DOMAINS
from diagnostics.text.answer.error_meanings.identities import IDENTITIES
from diagnostics.text.answer.error_meanings.keys_and_secrets import ENCRYPTION_KEYS
from diagnostics.text.answer.error_meanings.meaning import Meaning
from diagnostics.text.answer.error_meanings.organizations import ORGANIZATIONS
from diagnostics.text.answer.error_meanings.resource_settings import RESOURCE_SETTINGS

MEANINGS = (
    *ORGANIZATIONS,
    *IDENTITIES,
    *ENCRYPTION_KEYS,
    *RESOURCE_SETTINGS,
    *CERTIFICATES_AND_DOMAINS,
    *ACCOUNTS,
)
_SUFFIX = re.compile(r"(?:Exception|Fault)$")


@cache
def _by_code() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, tuple[Meaning, ...]] = {}
    for row in MEANINGS:
        for code in row.codes:
            found[code] = (*found.get(code, ()), row)
    return found


def meaning_of(code: str, operation: str, said: str, text: str) -> Meaning | None:
    """Return the first row about this error; None if there is none."""
    names = (_SUFFIX.sub("", code), _SUFFIX.sub("", code.rpartition(".")[2]))  # EC2's codes contain dots
    rows = next(filter(None, (_by_code().get(name) for name in names)), ())
    return next((row for row in rows if row.fits(operation, said, text)), None)
