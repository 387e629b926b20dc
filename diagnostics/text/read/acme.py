"""Recognize a program that answers an ACME DNS-01 challenge: what it changes in a hosted zone is known."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

RECORD_TYPES = "route53:ChangeResourceRecordSetsRecordTypes"
RECORD_TYPE = "TXT"
WHY = "the record of an ACME DNS-01 challenge is a TXT record"
"""RFC 8555, section 8.4: the record is at _acme-challenge.NAME (https://www.rfc-editor.org/rfc/rfc8555#section-8.4)."""
_ACME = regex(r"\bDNS-?01\b|_acme-challenge\b|\bACME challenge|\bcert-manager\b", re.IGNORECASE)


def answers_a_challenge(text: str) -> bool:
    """Return whether the text is about a DNS-01 challenge."""
    return _ACME.search(text) is not None
