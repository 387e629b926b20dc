"""Compare the issuer of a web identity token in a pasted text with the issuers that the trust policy names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.fix import Fix, Note
from diagnostics.text.read.identities.token_conditions import token_issuers
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.words import listing

_CLUSTER = regex(r"\boidc\.eks\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/id/[0-9A-F]{8,40}\b")
_KEY = regex(r"\"(?:[\w:-]+:oidc-provider/)?(?P<issuer>[\w-]+(?:\.[\w-]+)+(?:/[\w./-]*\w)?)(?::(?:sub|aud))?\"")
"""A provider's ARN or a condition key, in JSON's form."""


def of_issuer(outside: str, statements: Sequence[tuple[int, Mapping[str, Any]]]) -> Finding | None:
    """Return a finding if the trust policy names a different issuer from the token's or the cluster's in the text."""
    document = json.dumps([statement for _, statement in statements])
    return _of_cluster(outside, document) or _of_token(outside, document)


def _of_cluster(outside: str, document: str) -> Finding | None:
    """Return a finding if the trust policy trusts a different cluster's issuer from the one elsewhere in the text.

    Each cluster has its own issuer. Amazon EKS User Guide, "IAM roles for service accounts"
    (https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html).
    """
    trusted = dict.fromkeys(_CLUSTER.findall(document))
    shown = dict.fromkeys(_CLUSTER.findall(outside))
    if not trusted or len(shown) != 1 or (issuer := next(iter(shown))) in trusted:
        return None
    said = (
        f"the trust policy trusts the issuer {listing(list(trusted))}, but the text shows {issuer} as the "
        "cluster's issuer"
    )
    return _finding(said, issuer, "Let the trust policy trust this cluster's issuer")


def _of_token(outside: str, document: str) -> Finding | None:
    """Return a finding if the token's issuer has the host in the trust policy, but a different path.

    The path names a customer: an organization of CircleCI, a workspace of Bitbucket. A token from another host is the
    wrong token. IAM User Guide, "Create a role for OpenID Connect federation"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html).
    """
    sent = token_issuers(outside)
    trusted = list(dict.fromkeys(found["issuer"].lower() for found in _KEY.finditer(document)))
    if len(sent) != 1 or not trusted or sent[0] in trusted:
        return None
    host = sent[0].partition("/")[0]
    if any(each.partition("/")[0] != host or each.startswith(sent[0]) or sent[0].startswith(each) for each in trusted):
        return None
    said = f"the trust policy trusts the issuer {listing(trusted)}, but the token's issuer is {sent[0]}"
    return _finding(said, sent[0], "Let the trust policy trust the token's issuer, if that issuer is correct")


def _finding(said: str, issuer: str, title: str) -> Finding:
    change = f"Name oidc-provider/{issuer} as Principal, and {issuer}:sub and {issuer}:aud in the conditions."
    fix = Fix(title, Who.RESOURCE_OWNER, Note("the trust policy in the text", change))
    return Finding(f"trust.{Fault.PRINCIPAL_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)
