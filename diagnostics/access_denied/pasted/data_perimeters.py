"""Find the text's resource control policy that denies a caller from outside the organization."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.pasted.request_in_words import known_caller
from diagnostics.diagnosis import Evidence
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import OWNERS, Who
from diagnostics.words import UNSIGNED
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action, resource_matcher
from iam.policy.operators import operator
from iam.policy.statements import Statement
from iam.words import listing

_ORGANIZATION = ("aws:principalorgid", "aws:principalorgpaths")
_ACCOUNT = "aws:principalaccount"
_FALSE_FOR_OWN_CALLS = ("aws:principalisawsservice", "aws:viaawsservice")
"""Keys that are false for a call that a role or user makes directly."""
_IDENTITY = regex(r"arn:[\w-]+:(?:iam|sts)::\d{12}:(?:role|user|assumed-role)/[\w+=,.@/-]*[\w+=@-]")


def of_a_perimeter(pasted: Sequence[PastedPolicy], denial: Denial, action: str) -> Iterator[Finding]:
    """Yield a Deny of the text's RCP for principals outside the organization, if no exception fits the caller.

    Whether the caller's account is in the organization is unknown.

    AWS Organizations User Guide, "Resource control policies (RCPs)"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
    """
    if action.lower() in UNSIGNED:
        return  # the caller is no AWS identity, and has no organization
    caller = known_caller(denial) or _only_identity(denial.pasted or denial.text)
    account = account_of(caller or "")
    if account is not None and account == account_of(denial.resource or ""):
        return
    for one in pasted:
        for number, each in enumerate(one.document.statements if one.label == "rcp" else ()):
            if each.effect != "Deny" or not names_action(each.action or (), action) or not _may_be_on(each, denial):
                continue
            if (bounds := _bounds(each, account)) is None:
                continue
            inside, excepted = bounds
            which = f"statement {each.sid or number + 1}"
            but = f", except those of account {listing(excepted, 'and')}" if excepted else ""
            said = f"{which} of the RCP denies {action} to principals outside {listing(inside, 'or')}{but}"
            evidence = Evidence(said, "rcp", statement=number, sid=each.sid, document=one.document)
            if account is None:
                yield _of_an_unknown_caller(said, evidence)
                return
            sentence = (
                f"In the text, {said}. The caller's account {account} is not excepted, and is most likely outside "
                "the organization. Check this, because the message names no layer. The resource's own policy "
                "cannot override an RCP."
            )
            new = f'"aws:PrincipalAccount": "{account}" to the condition, in addition to the organization'
            adds = f"{account} to the values of aws:PrincipalAccount" if excepted else new
            text = (
                "An RCP is a guardrail: leave the RCP unchanged if the access is not intended. Otherwise its owner "
                f"adds {adds}, or the caller uses a role in an account of the organization."
            )
            owner, note = OWNERS.get("rcp", Who.ORG_ADMIN), Note("the RCP in the text", text)
            fix = Fix(f"Exempt account {account} from the RCP, if the account should have access", owner, note)
            yield Finding("rcp.explicit-deny", said, sentence, (evidence,), fix=fix)
            return


def _may_be_on(statement: Statement, denial: Denial) -> bool:
    """Return whether the statement's Resource matches the denied resource, as far as the text shows both."""
    named, on = statement.resource, denial.resource
    return not named or on is None or any(resource_matcher(each)(on) for each in named)


def _of_an_unknown_caller(said: str, evidence: Evidence) -> Finding:
    """Return the finding for a text that does not show the caller's account."""
    sentence = (
        f"In the text, {said}. Check first whether the caller's account is in that organization. If not, no Allow "
        "in the caller's policies or the resource's own policy can help."
    )
    text = (
        "aws organizations describe-organization, with the caller's credentials, prints the caller's organization. "
        "An RCP is a guardrail: only its owner can exempt an account, with aws:PrincipalAccount in the condition."
    )
    fix = Fix("Find out the organization of the caller's account", Who.CALLER, Note("the RCP in the text", text))
    code = f"rcp.{Fault.CONDITION_UNKNOWN.value}"
    return Finding(code, said, sentence, (evidence,), absent=("aws:PrincipalOrgID",), fix=fix)


def _bounds(statement: Statement, account: str | None) -> tuple[list[str], list[str]] | None:
    """Return the organizations and the accounts that a Deny excepts.

    None if the Deny excepts no organization, if it excepts ``account``, or if it has any other condition.
    """
    inside: list[str] = []
    excepted: list[str] = []
    for block in statement.conditions:
        low, parts = block.key.lower(), operator(block.operator)
        if parts is None:
            return None
        if parts.negated and low in _ORGANIZATION:
            inside += block.values
        elif parts.negated and low == _ACCOUNT and account not in block.values:
            excepted += block.values
        elif not (low in _FALSE_FOR_OWN_CALLS and parts.base == "Bool" and block.values == ("false",)):
            return None
    return (inside, excepted) if inside else None


def _only_identity(text: str) -> str | None:
    """Return the role, user or session that the text names, if it names exactly one."""
    named = set(_IDENTITY.findall(text))
    return named.pop() if len(named) == 1 else None
