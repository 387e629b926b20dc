"""Compare a certificate, as openssl prints it, with the CA of a trust anchor and with the form that AWS requires."""

from __future__ import annotations

import re

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
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
        f"The certificate was issued by {issuers.pop()}, but the trust anchor in the text has {of_anchor[-1]}. If "
        "an intermediate certificate connects the two, pass that certificate (--intermediates). Otherwise update "
        "the trust anchor. Or add a trust anchor with the new CA, and name the new anchor in the role's trust "
        "policy and in the host's command."
    )


# What openssl x509 -text prints of a certificate. IAM Roles Anywhere User Guide, "Trust model", signature verification:
# the certificate of a host is X.509v3, has CA:FALSE, has Digital Signature in its key usage, and is signed with SHA-256
# or stronger (https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html).
_KEY_USAGE = regex(r"X509v3 Key Usage:[^\n]*\n[ \t]*(?P<listed>[A-Z][^\n]*[^\s])")
_CONSTRAINTS = regex(r"X509v3 Basic Constraints:[^\n]*\n[ \t]*CA:(?P<value>TRUE|FALSE)")
_OLD_VERSION = regex(r"^[ \t]*Version:[ \t]*(?P<value>[12])[ \t]*\(0x", re.MULTILINE)
_WEAK = regex(r"Signature Algorithm:[ \t]*(?P<name>(?:sha1|md5)\w*|\w+-with-SHA1)\b", re.IGNORECASE)


def unfit_certificate(text: str) -> ShownCause | None:
    """Return which requirement the only certificate that the text prints does not meet; None if it shows no such one.

    A text that prints several certificates, such as the chain, is not decided: one of them is a CA's.
    """
    usages, constraints = _KEY_USAGE.findall(text), _CONSTRAINTS.findall(text)
    if max(len(usages), len(constraints)) > 1 or len(set(_WEAK.findall(text))) > 1:
        return None
    if usages and "digital signature" not in usages[0].lower():
        fault, issue = f"its key usage is only {usages[0]}", "keyUsage = digitalSignature"
    elif constraints == ["TRUE"]:
        fault, issue = "it is a CA's certificate (CA:TRUE)", "basicConstraints = CA:FALSE, signed by the CA"
    elif old := _OLD_VERSION.search(text):
        fault, issue = f"it is an X.509 version {old['value']} certificate", "the extensions of version 3"
    elif weak := _WEAK.search(text):
        fault, issue = f"it is signed with {weak['name']}", "SHA-256 or stronger"
    else:
        return _checked_chain(text)
    return ShownCause(
        f"IAM Roles Anywhere does not accept the certificate in the text: {fault}. It must be X.509v3 with CA:FALSE "
        "and the key usage Digital Signature, signed with SHA-256 or stronger. No policy was read yet.",
        "Issue the host's certificate again in the form that IAM Roles Anywhere requires",
        f"Issue the certificate again with {issue}, and try again with it. The CA, the trust anchor and the role stay "
        "as they are.",
    )


_VERIFIED = regex(r"^[^\s:]+\.(?:crt|pem|cer|cert): OK[ \t]*$", re.MULTILINE)


def _checked_chain(text: str) -> ShownCause | None:
    """Return what remains to be compared if openssl verify accepted the certificate in the text; otherwise None."""
    if _VERIFIED.search(text) is None:
        return None
    return ShownCause(
        "IAM Roles Anywhere refused the certificate, although openssl verify accepts its chain: look at the "
        "certificate's key usage (Digital Signature) and CA:FALSE, and at the trust anchor. No policy was read yet.",
        "Look at the certificate's form and at the trust anchor",
        "openssl x509 -noout -text -in CERT.pem: it must have CA:FALSE, the key usage Digital Signature, and SHA-256 "
        "or stronger. The trust anchor must have the CA's certificate that openssl used, and must be enabled, in the "
        "Region and account of its ARN. Pass intermediate certificates with --intermediates.",
    )
