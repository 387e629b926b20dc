"""The Amazon Route 53 records that a request changes: records in the text, or records that the program writes."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

RECORD_TYPES = "route53:ChangeResourceRecordSetsRecordTypes"
RECORD_ACTIONS = "route53:ChangeResourceRecordSetsActions"
RECORD_TYPE = "TXT"
_CHALLENGE = "the record of an ACME DNS-01 challenge is a TXT record"
"""RFC 8555, section 8.4: the record is at _acme-challenge.NAME (https://www.rfc-editor.org/rfc/rfc8555#section-8.4)."""
_OWNERSHIP = "With the registry txt, ExternalDNS writes a TXT record of its ownership for each record"
"""ExternalDNS, "The TXT registry" (https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/txt/)."""
_ACME = regex(r"\bDNS-?01\b|_acme-challenge\b|\bACME challenge|\bcert-manager\b", re.IGNORECASE)
_REGISTRY = regex(r"\bregistry[\"']?\s*[:= ]\s*[\"']?txt\b|\btxt-?owner-?id\b", re.IGNORECASE)


def writes_txt(text: str) -> str:
    """Return why the text's program writes TXT records; "" if it is not known to do so, or may write only other types.

    ExternalDNS writes TXT records together with other records in one request. With ForAnyValue, a condition on the
    types is met if one of the records meets it, so the TXT records then do not matter.
    """
    if _ACME.search(text):
        return _CHALLENGE
    owns = "external-dns" in text.lower() or "externaldns" in text.lower()
    return _OWNERSHIP if owns and _REGISTRY.search(text) and "ForAnyValue" not in text else ""


_TYPES = r"(?:SOA|A|TXT|NS|CNAME|MX|NAPTR|PTR|SRV|SPF|AAAA|CAA|DS|TLSA|SSHFP|SVCB|HTTPS)"
# Amazon Route 53 API Reference, "Change" and "ResourceRecordSet"
# (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html).
_CHANGE = regex(
    rf"(?<![\w\"'])[\"']?(?P<action>CREATE|UPSERT|DELETE)[\"']?[ \t,:]+(?:record[ \t]+)?"
    rf"(?:[\"']?(?:[\w*-]+\.)+[\w-]*[\"']?[ \t,:]+(?P<after>{_TYPES})(?![\w.-])"
    rf"|(?P<before>{_TYPES})[ \t,:]+(?=[\w*-]+\.))"
    rf"|[\"']?Action[\"']?\s*[:=]\s*[\"']?(?P<of>CREATE|UPSERT|DELETE)\b[\"']?[^\x1e]{{0,200}}?"
    rf"[\"']?\bType[\"']?\s*[:=]\s*[\"']?(?P<type>{_TYPES})\b"
)


def listed_changes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the actions and the types of the record changes that the text lists; both empty if it lists none."""
    found = list(_CHANGE.finditer(text))
    actions = dict.fromkeys(each["action"] or each["of"] for each in found)
    types = dict.fromkeys(each["after"] or each["before"] or each["type"] for each in found)
    return tuple(actions), tuple(types)
