"""Compare a certificate's issuer with the CA of a trust anchor, as openssl prints them."""

from __future__ import annotations

import re

from iam.lazy_pattern import regex

_PRINTED = regex(
    r"^[ \t]*(?P<field>[Ii]ssuer|[Ss]ubject)[ \t]*[=:][^\n]*?\bCN[ \t]*=[ \t]*(?P<name>[^,/\n]*[^,/\s])", re.MULTILINE
)


def anchors_differ(text: str) -> str:
    """Return a sentence if the certificate's issuer is none of the subjects in the text; "" otherwise.

    IAM Roles Anywhere User Guide, "Trust model": the certificate must be issued by the CA of the trust anchor
    (https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html).
    """
    found = [(each["field"].lower(), each["name"], each.start()) for each in _PRINTED.finditer(text)]
    subjects = [name for field, name, _ in found if field == "subject"]
    issuers = {name for field, name, _ in found if field == "issuer"}.difference(subjects)  # a CA is its own issuer
    of_anchor = [name for field, name, at in found if field == "subject" and "anchor" in text[:at].lower()]
    if len(issuers) != 1 or not of_anchor:
        return ""
    return (
        f"The certificate was issued by {issuers.pop()}, and the trust anchor in the text has {of_anchor[-1]}. If an "
        "intermediate certificate connects the two, pass it (--intermediates). Otherwise update the trust anchor. Or "
        "add a trust anchor with the new CA, and replace the old anchor with it in the role's trust policy and in the "
        "host's command."
    )
