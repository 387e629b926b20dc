"""Whom else a change of a resource's own policy lets in or keeps out: those that it names, and those that it does not.

A role's trust policy is one too. Of other principals only the resource's side is compared: their own policies are taken
to allow, where they have such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from iam.account import Account
from iam.frozen import replace
from iam.policy.compiled import compiled
from iam.policy.document import Document
from iam.policy.principal import TRUST_ACTIONS, Kind, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.catalogue import PROBE
from iam.questions.change.compare import access_change
from iam.questions.change.effects import ANOTHER_ACCOUNT, Effects, effects_of, together

_EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
)
_BY_TOKEN = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})


def let_in(before: Policies, after: Policies, request: Request, account: Account) -> Effects:
    """What changes for others than the request's principal. Raises `PolicyError`."""
    found = []
    for principal in _principals((before, after), account, trust=request.action.lower() in TRUST_ACTIONS):
        if _is_behind(principal, request):
            continue
        was, now = (
            replace(policies, identity=(_EVERYTHING,), boundary=None, session=None, scps=None)
            for policies in (before, after)
        )
        asked = Request(principal, request.action, request.resource, request.resource_account or account.id)
        change = access_change(was, now, asked, account)
        effects = effects_of(change, principal)
        found.append(replace(effects, found=tuple(one for one in effects.found if can_make(principal, one.action))))
    return together(found)


def _is_behind(principal: str, request: Request) -> bool:
    """Whether it is the request's principal, or the role of its session."""
    one, other = caller(principal), caller(request.principal)
    return principal == request.principal or (
        (one.kind, other.kind) == (Kind.ROLE, Kind.SESSION) and (one.account, one.name) == (other.account, other.name)
    )


def _principals(sides: Iterable[Policies], account: Account, *, trust: bool) -> Iterator[str]:
    """One principal for each kind of those that nobody names, and all that the policies name. No root user can assume
    a role (IAM User Guide, "Methods to assume a role"): an account is told by one of its roles there."""
    iam = f"arn:{account.partition}:iam::"
    found = [f"{iam}{account.id}:{each}" for each in ("root", f"user/{PROBE}", f"role/{PROBE}")]
    found += [f"{iam}{ANOTHER_ACCOUNT}:root", f"{PROBE}.amazonaws.com"]
    for policies in sides:
        statements = compiled(policies.resource.document).statements if policies.resource is not None else ()
        for one in statements:
            for kind, value in one.principal.pairs if one.principal is not None else ():
                if value == "*" or kind == "CanonicalUser":
                    continue
                if kind != "AWS" or value.startswith("arn:"):
                    found.append(value)
                elif value.isdigit():
                    found.append(f"{iam}{value}:root")
    if trust:
        found = [f"{each.removesuffix(':root')}:role/{PROBE}" if each.endswith(":root") else each for each in found]
    yield from dict.fromkeys(found)


def can_make(principal: str, action: str) -> bool:
    """Whether such a principal makes such calls at all: who has a provider's token calls STS with it."""
    low = action.lower()
    if low not in TRUST_ACTIONS or low in ("sts:tagsession", "sts:setsourceidentity", "sts:setcontext"):
        return True
    return (caller(principal).kind is Kind.PROVIDER) is (low in _BY_TOKEN)
