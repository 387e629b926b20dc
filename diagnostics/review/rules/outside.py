"""Who from outside the account can become administrator: entries joined with what they finally may.

An entry is a way into a role that has full access, or a path to it, for strangers, for principals of another account,
or for tokens of an identity provider that many customers share. How grave it is depends on who can use the entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from diagnostics.fix import Fix, Note, TrustChange, Who
from diagnostics.review.escalation.search import paths
from diagnostics.review.escalation.steps import EscalationStep
from diagnostics.review.finding import EscalationHop, Finding, Rule
from diagnostics.review.subject import ReviewedAccount, trust_evidence
from iam.account import Role
from iam.foreign_text import shortened
from iam.policy.decision import Layer
from iam.policy.edits import without_statement
from iam.policy.request import NamedPolicy
from iam.policy.shared_providers import TELLING_KEYS, issuer_of
from iam.policy.unknown_keys import Judged, Possibility
from iam.questions.change.effects import ANOTHER_ACCOUNT
from iam.risks import federation
from iam.risks.administrator import administrators
from iam.risks.judged_account import allows
from iam.risks.risk import Severity
from iam.risks.trust import stranger_let_in
from iam.words import plural

OUTSIDE_ADMIN = Rule(
    "trust.outside-admin",
    Severity.CRITICAL,
    "Somebody outside can become administrator",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html",
)
_OF_OURS = "aws:principalorg"
_ASSUME, _WEB = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody outside who gets into a role; ``found`` is how, ``action`` the call."""

    who: str
    severity: Severity
    action: str
    found: Possibility


def outside_admin(reviewed: ReviewedAccount) -> Iterator[Finding | None]:
    """The entries of every role that is administrator, or has a path to it."""
    reached = reviewed.escalating
    if reached is None:
        reached = dict.fromkeys(administrators(reviewed), ())
        for path in paths(reviewed):
            yield None
            if path is not None:
                reached[path.principal.entity.arn] = path.steps
    for role in reviewed.roles:
        yield None
        trust = reviewed.trust(role)
        if role.arn in reached and trust is not None:
            gravest: dict[str, Entry] = {}
            for entry in _entries(reviewed, role, trust):
                had = gravest.get(entry.who)
                if had is None or entry.severity.rank < had.severity.rank:
                    gravest[entry.who] = entry
            for entry in gravest.values():
                yield _finding(reviewed, role, trust, entry, reached)


def _entries(reviewed: ReviewedAccount, role: Role, trust: NamedPolicy) -> Iterator[Entry]:
    """Those who get in, and how grave that is: anybody, another account with a secret or without, a token."""
    if (stranger := stranger_let_in(reviewed, role, trust)) is not None:
        account, found = stranger
        who = "any account" if account == ANOTHER_ACCOUNT else f"any account {account}"
        yield Entry(who, Severity.CRITICAL, _ASSUME, found)
    # What asks for an organization is taken to be ours: nobody else can bring its ID.
    for account, found in reviewed.others_let_in(role, trust, _ASSUME, {}, lambda key: key.startswith(_OF_OURS)):
        if account.isdigit() and not reviewed.ours(account):
            yield Entry(f"account {account}", Severity.CRITICAL if found.certain else Severity.HIGH, _ASSUME, found)
    wide = any(True for _ in federation.wide(reviewed, role))
    for one in allows(trust):
        assert one.principal is not None
        for kind, provider in one.principal.pairs:
            issuer = issuer_of(provider).lower()
            if kind == "Federated" and issuer in TELLING_KEYS:
                found = reviewed.lets_in(role, trust, provider, _WEB, {}, lambda _: False)
                if found.allowed:
                    yield Entry(f"tokens of {issuer}", Severity.CRITICAL if wide else Severity.MEDIUM, _WEB, found)


def _finding(
    reviewed: ReviewedAccount,
    role: Role,
    trust: NamedPolicy,
    entry: Entry,
    reached: Mapping[str, tuple[EscalationStep, ...]],
) -> Finding:
    steps = reached[role.arn]
    granting = [one for one in entry.found.statements if one.layer is Layer.RESOURCE]
    evidence = tuple(trust_evidence(one, f"allows {entry.action}") for one in granting)
    first = EscalationHop(entry.who, (entry.action,), role.arn, f"a session of {role.name}", evidence)
    what = "which has full access" if not steps else f"and from there full access in {plural(len(steps), 'step')}"
    who = f"{entry.who[0].upper()}{entry.who[1:]}"
    hangs_on = (
        *reviewed.hangs_on(entry.found),
        *administrators(reviewed).get(role.arn, ()),
        *(key for step in steps for key in step.hangs_on),
    )
    return OUTSIDE_ADMIN.finding(
        role.arn,
        f"{who} can assume {shortened(role.name)}, {what}.",
        evidence,
        severity=entry.severity,
        hangs_on=hangs_on,
        path=(first, *(step.hop for step in steps)),
        references=(each for step in steps for each in step.references),
        fixes=[_shut_out(reviewed, role, trust, entry, granting)],
        cause=entry.who,
    )


def _shut_out(reviewed: ReviewedAccount, role: Role, trust: NamedPolicy, entry: Entry, granting: list[Judged]) -> Fix:
    """Take out the statement that lets them in; verified where nobody else's entry of that name is left."""
    title = f"Do not let {entry.who} assume {shortened(role.name, 40)}"
    statement = granting[0].statement if len(granting) == 1 else None
    after = without_statement(trust.document, statement) if statement is not None else None
    if after is None:
        note = f"Take {entry.who} out of the trust policy of {role.name}, or grant the role only what it needs."
        return Fix(title, Who.YOU, Note(role.arn, note))
    changed = NamedPolicy(after, trust.name, trust.arn)
    left = any(each.who == entry.who for each in _entries(reviewed, role, changed))
    return Fix(title, Who.YOU, TrustChange(role.arn, trust.document, after), verified=not left)
