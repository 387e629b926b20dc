"""Recognize a program that writes TXT records: what it changes in a hosted zone is known."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

RECORD_TYPES = "route53:ChangeResourceRecordSetsRecordTypes"
RECORD_TYPE = "TXT"
_CHALLENGE = "the record of an ACME DNS-01 challenge is a TXT record"
"""RFC 8555, section 8.4: the record is at _acme-challenge.NAME (https://www.rfc-editor.org/rfc/rfc8555#section-8.4)."""
_OWNERSHIP = "ExternalDNS with the registry txt writes a TXT record of its ownership beside each record"
"""ExternalDNS, "The TXT registry" (https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/txt/)."""
_ACME = regex(r"\bDNS-?01\b|_acme-challenge\b|\bACME challenge|\bcert-manager\b", re.IGNORECASE)
_REGISTRY = regex(r"\bregistry[\"']?\s*[:= ]\s*[\"']?txt\b|\btxt-?owner-?id\b", re.IGNORECASE)


def writes_txt(text: str) -> str:
    """Return why the text's program writes TXT records; "" if it is not known to do so, or may write others only.

    ExternalDNS writes other records in the same request: a condition that one record meets is met.
    """
    if _ACME.search(text):
        return _CHALLENGE
    owns = "external-dns" in text.lower() or "externaldns" in text.lower()
    return _OWNERSHIP if owns and _REGISTRY.search(text) and "ForAnyValue" not in text else ""
