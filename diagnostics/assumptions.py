"""Assumptions about a request: Region, MFA, source address, endpoint, source account, tags, date.

A result lists an assumption if another value may change it, because a deciding statement depends on its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from iam.arn import Arn
from iam.facts.global_services import GLOBAL_SERVICES
from iam.questions.answers import AccessVerdict, PrincipalAnswer, WhoCan
from iam.questions.who_can import in_order

Context = Mapping[str, tuple[str, ...]]

REGION = "aws:RequestedRegion"
MFA = "aws:MultiFactorAuthPresent"
KEYS = MappingProxyType(
    {
        "region": REGION,
        "mfa": MFA,
        "address": "aws:SourceIp",
        "endpoint": "aws:SourceVpce",
        "source account": "aws:SourceAccount",
        "date": "aws:CurrentTime",
    }
)
"""The condition key of each assumption except tags, whose keys are ``aws:PrincipalTag/NAME``.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""
TAG = "aws:PrincipalTag/"
_MFA_WORDS = {"true": "MFA", "false": "no MFA"}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One condition key with its assumed value. ``given``: the operator provided the value."""

    key: str
    value: str
    given: bool = False

    @property
    def words(self) -> str:
        """The assumption in words: ``us-east-1``, ``no MFA``, ``from 10.0.0.1``, ``tag team=ferry``."""
        if self.key == MFA:
            return _MFA_WORDS.get(self.value, f"MFA {self.value}")
        if self.key.startswith(TAG):
            return f"tag {self.key.removeprefix(TAG)}={self.value}"
        before = {"aws:SourceIp": "from ", "aws:SourceVpce": "through ", "aws:SourceAccount": "for account "}
        return f"{before.get(self.key, '')}{self.value}"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The assumptions of a run. ``region`` is the session's; ``given`` are the operator's values by condition key."""

    region: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    def for_request(self, action: str, resource: str) -> tuple[Assumption, ...]:
        """Return the assumptions that apply to a request for the action on the resource.

        The session's Region is left out if the request has a Region of its own: the resource's ARN contains one, or the
        service has a single endpoint (`iam.facts.global_services`).
        """
        found = [Assumption(key, value, given=True) for key, value in self.given.items() if key != REGION]
        service, parts = action.partition(":")[0].lower(), Arn.parse(resource)
        own = parts is not None and bool(parts.region) and parts.service == service
        region = self.given.get(REGION, self.region)
        if region and not own and service not in GLOBAL_SERVICES and "*" not in service:
            found.insert(0, Assumption(REGION, region, given=REGION in self.given))
        return tuple(found)


def ask_assuming(
    ask: Callable[[Context], WhoCan], given: Context, assumed: Iterable[Assumption]
) -> tuple[WhoCan, tuple[Assumption, ...]]:
    """Return the answer, and the assumptions that it depends on.

    ``given`` are the keys whose values the question itself states; they are not assumptions. The question is first
    evaluated without assumptions: an assumption is not made if its key decides nothing, and access that is allowed for
    all values of the keys is always reported.
    """
    stated = {key.lower() for key in given}
    found = ask(given)
    open_keys = _open_keys(found)
    used = tuple(each for each in assumed if each.key.lower() not in stated and each.key.lower() in open_keys)
    if not used:
        return found, ()
    known = {**given, **{each.key: (each.value,) for each in used}}
    with_mfa = any(each.key == MFA and each.value == "true" for each in used)
    narrower = _of_users_and_roles(ask, known) if with_mfa else ask(known)
    in_any_case = {one.arn for one in (*found.principals, *found.others) if one.verdict is AccessVerdict.ALLOWED}
    kept = replace(
        narrower,
        principals=_with(narrower.principals, found.principals),
        others=_with(narrower.others, found.others),
        kept_out=tuple(one for one in narrower.kept_out if one.arn not in in_any_case),
    )
    return kept, used


def _of_users_and_roles(ask: Callable[[Context], WhoCan], known: Context) -> WhoCan:
    """Return the answer for these assumed values, one of which is that MFA is used. MFA is assumed for users only.

    A role's session contains no MFA: "The temporary credentials returned by AssumeRole do not include MFA information
    in the context" (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html).
    """
    users = ask(known)
    roles = ask({**known, MFA: ("false",)})

    def chosen(of_users: Sequence[PrincipalAnswer], of_roles: Sequence[PrincipalAnswer]) -> tuple[PrincipalAnswer, ...]:
        return in_order(
            [*(one for one in of_users if one.kind != "role"), *(one for one in of_roles if one.kind == "role")]
        )

    return replace(
        users,
        principals=chosen(users.principals, roles.principals),
        kept_out=chosen(users.kept_out, roles.kept_out),
    )


def _with(narrower: Sequence[PrincipalAnswer], wider: Sequence[PrincipalAnswer]) -> tuple[PrincipalAnswer, ...]:
    """Return the answers under the assumptions, and the answers that are true regardless of the assumed values."""
    by_arn = {one.arn: one for one in narrower}
    chosen = []
    for one in wider:
        assumed = by_arn.get(one.arn)
        if one.verdict is AccessVerdict.ALLOWED and (assumed is None or assumed.verdict is not AccessVerdict.ALLOWED):
            chosen.append(one)
        elif assumed is not None:
            chosen.append(assumed)
    return in_order(chosen)


def _open_keys(answer: WhoCan) -> frozenset[str]:
    """Return the condition keys (lower case) that some principal's answer depends on."""
    return frozenset(key for one in (*answer.principals, *answer.others) for key in _keys(one))


def _keys(one: PrincipalAnswer) -> Iterable[str]:
    for statement in (*one.statements, *one.unless):
        yield from (block.key.lower() for block in statement.conditions)
        yield from (key.lower() for key in statement.variables)
