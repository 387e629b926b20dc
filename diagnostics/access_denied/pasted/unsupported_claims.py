"""Find trust policy conditions on claims that AWS never compares. No token can meet such a condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.fix import Fix, Note
from diagnostics.text.tokens.jwt import heard_of
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.operators import operator
from iam.words import listing

_CLAIM = regex(r"(?P<issuer>[a-z][\w-]*(?:\.[\w-]+)+(?:/[\w./-]+)?):(?P<claim>[\w./-]+)")


def of_unsupported_claims(statements: Iterable[tuple[int, Mapping[str, Any]]]) -> Finding | None:
    """Return a finding if a condition requires a claim that is not a condition key of its issuer; None otherwise.

    IAM User Guide, "Available keys for AWS OIDC federation": each issuer has sub, aud, amr and email; some have more
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
    """
    unknown = dict.fromkeys(key for _, statement in statements for key in _required(statement) if not _is_known(key))
    if not unknown:
        return None
    key = next(iter(unknown))
    issuer, _, claim = key.rpartition(":")
    others = sorted(heard_of(issuer) - {"sub", "aud", "amr", "email", "oaud"})
    more = f"; for {issuer} also {listing(others, limit=12)}" if others else ""
    said = f"the trust policy requires {key}, but AWS lists no such condition key"
    issuers = " AWS compares the token's iss with the provider itself." if claim == "iss" else ""
    change = (
        f"Remove {listing(list(unknown))} from the trust policy.{issuers} Policies can test the claims sub, aud, amr "
        f"and email of a token{more}. Keep the condition on sub."
    )
    fix = Fix(f"Remove {key} from the trust policy", Who.RESOURCE_OWNER, Note("the trust policy in the text", change))
    summary = f"In the text, {said}. No request has this key, so the condition is not met."
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, summary, fix=fix)


def _required(statement: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of an Allow's conditions that are not met if the request does not have the key."""
    if statement.get("Effect", "Allow") != "Allow":
        return
    conditions = statement.get("Condition")
    for kind, block in conditions.items() if isinstance(conditions, dict) else ():
        parts = operator(str(kind))
        if parts is not None and not parts.without_key and isinstance(block, dict):
            yield from block


def _is_known(key: str) -> bool:
    found = _CLAIM.fullmatch(key.lower())
    return found is None or found["claim"] in map(str.lower, heard_of(found["issuer"]))
