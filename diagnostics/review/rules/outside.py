"""Rules about outside principals that can become administrator.

A way into a role is combined with what the role can reach. An entry is a way into a role that has full access, or a
path to it. It is open to strangers, to principals of another account, or to tokens of an identity provider that many
customers share. The severity depends on who can use it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from diagnostics.fix import Fix, Note, TrustChange
from diagnostics.review.escalation.search import Path, paths
from diagnostics.review.escalation.step import EscalationStep
from diagnostics.review.finding import EscalationHop, Finding, Rule
from diagnostics.review.rules.closing import closing_fix
from diagnostics.review.rules.trust_edits import (
    anybody,
    changed,
    for_this_account,
    of_account,
    of_issuer,
    until_out,
    with_condition,
)
from diagnostics.review.subject import ReviewedAccount, trust_evidence
from diagnostics.sentences import only_if
from diagnostics.who import Who
from iam.account import Role
from iam.facts.generated_roles import set_up_of
from iam.foreign_text import shortened
from iam.own_command import own_command
from iam.policy.document import Document
from iam.policy.edits import nobody_may_assume
from iam.policy.layer import Layer
from iam.policy.lint.finding import ERROR, PolicyKind
from iam.policy.lint.run import lint
from iam.policy.request import NamedPolicy
from iam.policy.shared_providers import TELLING_KEYS, issuer_of
from iam.policy.unknown_keys import Judged, Possibility
from iam.questions.change.effects import ANOTHER_ACCOUNT
from iam.risks import federation
from iam.risks.administrator import administrators
from iam.risks.exposure import Reach, severity_of
from iam.risks.judged_account import allows
from iam.risks.risk import Exposure, Severity
from iam.risks.trust import check_manager, exposure_of, manager_of, stranger_let_in, with_external_id
from iam.words import listing, plural

OUTSIDE_ADMIN = Rule(
    "trust.outside-admin",
    Severity.CRITICAL,
    "External principals can become administrator",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html",
)
_OF_OURS = "aws:principalorg"
_TOKENS = "tokens of "
_OURS = "Another account of yours can become administrator"
_WHOSE = "The account that manages yours was not read, and only you know which account that is."
_ASSUME, _WEB = "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"


@dataclass(frozen=True, slots=True)
class Entry:
    """An outside principal that can assume a role. ``found`` is the evaluation, ``action`` the principal's call."""

    who: str
    exposure: Exposure
    action: str
    found: Possibility
    account: str | None = None
    """The account of the principals. None if anybody can use the entry, or anybody with a token."""

    @property
    def severity(self) -> Severity:
        return severity_of(self.exposure, Reach.FULL)


def outside_admin(reviewed: ReviewedAccount) -> Iterator[Finding | None]:
    """Report each way from outside into a role that is an administrator or can become one."""
    reached = reviewed.escalating
    if reached is None:
        reached = dict.fromkeys(administrators(reviewed), ())
        for path in paths(reviewed):
            yield None
            if path is not None:
                reached[path.principal.entity.arn] = path.steps
    found: list[tuple[Role, NamedPolicy, Entry]] = []
    for each in entries_of(reviewed, reached):
        yield None
        found.append(each)
    ways: dict[str, list[str]] = {}
    for role, _, entry in found:
        ways.setdefault(entry.who, []).append(role.name)
    for role, trust, entry in found:
        yield None
        others = [name for name in ways[entry.who] if name != role.name]
        also = (f"They can also reach full access through {listing(others, limit=3)}",) if others else ()
        yield _finding(reviewed, role, trust, entry, reached, also)


def entries_of(reviewed: ReviewedAccount, reached: Collection[str]) -> Iterator[tuple[Role, NamedPolicy, Entry]]:
    """Yield the outside entries into the roles with these ARNs, the most severe one for each principal."""
    for role in reviewed.roles:
        trust = reviewed.trust(role)
        if role.arn in reached and trust is not None:
            gravest: dict[str, Entry] = {}
            for entry in _entries(reviewed, role, trust):
                had = gravest.get(entry.who)
                if had is None or entry.severity.rank < had.severity.rank:
                    gravest[entry.who] = entry
            yield from ((role, trust, entry) for entry in gravest.values())


def shut_out(reviewed: ReviewedAccount, role: Role, trust: NamedPolicy, entry: Entry) -> Document | None:
    """Return the trust policy without access for the entry's principals, or None if no change removes it."""

    def still(policy: NamedPolicy) -> Iterator[int]:
        for each in _same(reviewed, role, policy, entry):
            yield from (
                one.statement
                for one in each.found.statements
                if one.layer is Layer.RESOURCE and one.effect == "Allow" and one.statement is not None
            )

    gone = anybody if entry.action == _ASSUME else of_issuer(entry.who.removeprefix(_TOKENS))
    if entry.account is not None:
        gone = of_account(entry.account)
    shut = until_out(trust, still, gone)
    return shut.document if shut is not None else None


def _entries(reviewed: ReviewedAccount, role: Role, trust: NamedPolicy) -> Iterator[Entry]:
    """Yield the entries into a role: for anybody, for another account with or without a secret, with a token."""
    if (stranger := stranger_let_in(reviewed, role, trust)) is not None:
        account, found = stranger
        who = "any account" if account == ANOTHER_ACCOUNT else f"any account {account}"
        yield Entry(who, Exposure.ANYBODY, _ASSUME, found)
    # A statement that requires an organization is assumed to mean ours, because nobody else can have its ID.
    for account, found in reviewed.others_let_in(role, trust, _ASSUME, {}, lambda key: key.startswith(_OF_OURS)):
        if account.isdigit() and account != reviewed.account.id:
            exposure = exposure_of(reviewed, role, account, asked=not found.certain)
            yield Entry(f"account {account}", exposure, _ASSUME, found, account)
    wide = next((risk.exposure for risk in federation.wide(reviewed, role)), None)
    for one in allows(trust):
        assert one.principal is not None
        for kind, provider in one.principal.pairs:
            issuer = issuer_of(provider).lower()
            if kind == "Federated" and issuer in TELLING_KEYS:
                found = reviewed.lets_in(role, trust, provider, _WEB, {}, lambda _: False)
                if found.allowed:
                    yield Entry(f"{_TOKENS}{issuer}", wide or Exposure.TOKENS_OF_ONE, _WEB, found)


def _finding(
    reviewed: ReviewedAccount,
    role: Role,
    trust: NamedPolicy,
    entry: Entry,
    reached: Mapping[str, tuple[EscalationStep, ...]],
    also: tuple[str, ...],
) -> Finding:
    steps = reached[role.arn]
    granting = [one for one in entry.found.statements if one.layer is Layer.RESOURCE]
    evidence = tuple(trust_evidence(one, f"allows {entry.action}") for one in granting)
    first = EscalationHop(entry.who, (entry.action,), role.arn, f"a session of {role.name}", evidence)
    what = (
        "which has full access"
        if not steps
        else f"and from there reach full access in {plural(len(steps), 'more step')}"
    )
    who = f"{entry.who[0].upper()}{entry.who[1:]}"
    if entry.exposure is Exposure.OURS:
        who = f"{who}, which is yours,"
    set_up = manager_of(reviewed, role, entry.account) if entry.exposure is Exposure.MANAGER and entry.account else None
    asked = [block for one in granting if one.effect == "Allow" for block in one.conditions]
    said = f"{only_if(f'{who} can assume {shortened(role.name)}, {what}', asked)}."
    if set_up is not None:
        said += (
            f" {set_up.tool} sets this up for the account that manages yours: check that {entry.account} is that "
            "account."
        )
    hangs_on = (
        *((f"whether account {entry.account} manages yours",) if set_up is not None else ()),
        *reviewed.hangs_on(entry.found),
        *administrators(reviewed).get(role.arn, ()),
        *(key for step in steps for key in step.hangs_on),
    )
    return OUTSIDE_ADMIN.finding(
        role.arn,
        said,
        evidence,
        severity=Severity.INFO if entry.exposure is Exposure.OURS and set_up_of(role) is not None else entry.severity,
        hangs_on=hangs_on,
        path=(first, *(step.hop for step in steps)),
        references=(
            *((set_up.page,) if set_up is not None else ()),
            *(each for step in steps for each in step.references),
        ),
        fixes=_fixes(reviewed, role, trust, entry, granting, reached, also),
        cause=entry.who,
        title=_OURS if entry.exposure is Exposure.OURS else "",
    )


def _fixes(
    reviewed: ReviewedAccount,
    role: Role,
    trust: NamedPolicy,
    entry: Entry,
    granting: list[Judged],
    reached: Mapping[str, tuple[EscalationStep, ...]],
    also: tuple[str, ...],
) -> list[Fix]:
    """Return the alternative fixes. Those that close the role for everybody come after those that keep it usable."""
    found = list(_choices(reviewed, role, trust, entry, granting, reached, also))
    shut = any(_lets_nobody_in(fix) for fix in found)

    def closes(fix: Fix) -> bool:
        """Return whether nobody can assume the role after the fix.

        If only one account may assume the role, every verified change of the trust policy has this effect.
        """
        only_one = shut and entry.account is not None
        return _lets_nobody_in(fix) or (only_one and bool(fix.verified) and isinstance(fix.change, TrustChange))

    at = next((place for place, fix in enumerate(found) if closes(fix)), len(found))
    usable = [fix for fix in found[at:] if fix.verified and not closes(fix)]
    return [*found[:at], *usable, *(fix for fix in found[at:] if fix not in usable)]


def _lets_nobody_in(fix: Fix) -> bool:
    return isinstance(fix.change, TrustChange) and fix.change.after.text == nobody_may_assume().text


def _choices(
    reviewed: ReviewedAccount,
    role: Role,
    trust: NamedPolicy,
    entry: Entry,
    granting: list[Judged],
    reached: Mapping[str, tuple[EscalationStep, ...]],
    also: tuple[str, ...],
) -> Iterator[Fix]:
    """Yield the alternatives: exclude the principals, require more from them, or remove the role's path to full access.

    ``also`` are sentences about other ways for the same principals.
    """
    name = shortened(role.name, 40)
    indexes = [one.statement for one in granting if one.effect == "Allow" and one.statement is not None]

    def offered(title: str, after: Document | None, *cautions: str) -> Iterator[Fix]:
        """Yield the change.

        It is verified if, when evaluated, the principals no longer get full access through this role.
        """
        if after is None or after.value == trust.document.value or _is_refused(after, trust.document):
            return
        left = list(_same(reviewed, role, changed(trust, after), entry))
        change = TrustChange(role.arn, trust.document, after)
        yield Fix(title, Who.YOU, change, verified=not left, cautions=(*cautions, *also))

    account = entry.account
    managed = entry.exposure is Exposure.MANAGER
    if managed and account is not None:
        title, how = check_manager(account)
        yield Fix(title, Who.YOU, Note(role.arn, how, _WHOSE))
    shut = shut_out(reviewed, role, trust, entry)
    nobody = shut is not None and shut.text == nobody_may_assume().text
    alone = (f"No other principal may assume {name}: afterwards, nobody can",) if nobody else ()
    yield from offered(f"Do not let {entry.who} assume {name}", shut, *alone)
    if account is None and entry.action == _ASSUME:
        here = for_this_account(trust.document, indexes, reviewed.arn("root"))
        yield from offered(f"Let only this account assume {name}", here)
    organization = reviewed.account.organization
    if entry.action == _ASSUME and organization is not None:
        after = with_condition(trust.document, indexes, "aws:PrincipalOrgID", organization.id)
        lost = alone if account is not None and alone else ("All others lose access",)
        yield from offered(f"Require the organization {organization.id}", after, *lost)
    if account and not managed and entry.exposure in (Exposure.UNKNOWN, Exposure.VENDOR):
        after = with_external_id(role, account, trust)
        caution = (
            f"First send the external ID to account {account}, which cannot assume the role without it. With the "
            "ID, the account can still reach full access"
        )
        yield from offered("Require an external ID", after, caution)
    principal = reviewed.principal(role.arn)
    if principal is not None and reached[role.arn]:
        yield closing_fix(reviewed, Path(principal, reached[role.arn]), reached, also)
    elif not managed:
        draft = f"The draft, with its recorded calls replayed: {own_command('right-size', role.name)}"
        yield Fix("Grant what is used", Who.YOU, Note(role.arn, draft))


def _is_refused(after: Document, before: Document) -> bool:
    """Return whether lint finds an error that the current trust policy does not have."""
    now, then = (
        {each.code for each in lint(one, PolicyKind.TRUST) if each.severity is ERROR} for one in (before, after)
    )
    return bool(then - now)


def _same(reviewed: ReviewedAccount, role: Role, trust: NamedPolicy, entry: Entry) -> Iterator[Entry]:
    """Yield the entries that the same principals can use: those that name them, or that are open to anybody."""
    for each in _entries(reviewed, role, trust):
        if each.who == entry.who or (entry.action == each.action == _ASSUME and each.account is None):
            yield each
