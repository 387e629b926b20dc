"""The review of several accounts: the findings of each, what they have in common, and who reaches in from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.review.finding import Finding
from diagnostics.review.report.json_document import finding_json
from diagnostics.review.report.text import finding_lines
from diagnostics.review.run import Review
from iam.foreign_text import visible
from iam.organization.accounts import Accounts
from iam.policy.document import Document
from iam.policy.match import compile_glob, has_wildcard
from iam.policy.principal import Kind, caller
from iam.policy.statements import Statement
from iam.policy.words import wish
from iam.risks.risk import Severity
from iam.sources.reader import OpenedAccount
from iam.words import listing, plural

_UNIQUE_ID = re.compile(r"\bA(?:ROA|IDA)[A-Z0-9]{12,}\b")
_OURS = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount")


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody outside whom a statement of a resource's policy or of a role's trust policy lets in. ``conditions`` are
    what the statement asks for besides.
    """

    account: str
    resource: str
    who: str
    kind: str
    actions: tuple[str, ...]
    statement: int
    sid: str | None
    conditions: tuple[str, ...] = ()

    def json(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "resource": self.resource,
            "who": self.who,
            "kind": self.kind,
            "actions": list(self.actions),
            "statement": self.statement,
            "sid": self.sid,
            "conditions": list(self.conditions),
            "certain": not self.conditions,
        }


def ours(accounts: Accounts) -> frozenset[str]:
    """The accounts that are not outside: those of the organization, and without one those that were read."""
    members = accounts.tree.members if accounts.tree is not None else None
    return frozenset(each.id for each in members) if members is not None else frozenset(accounts.ids)


def without_neighbours(found: Iterable[Finding], accounts: Accounts) -> Iterator[Finding]:
    """The findings without those on a principal that is gone, where another account that was read has it."""
    for one in found:
        ids = {id for each in one.evidence for id in _UNIQUE_ID.findall(each.text)} | set(
            _UNIQUE_ID.findall(one.summary)
        )
        if one.rule != "trust.orphan-principal" or not any(accounts.holder_of_id(id) for id in ids):
            yield one


def reach_into(opened: OpenedAccount, own: frozenset[str], organization: str) -> Iterator[Reach]:
    """Who from outside of the organization is let in, to what. May block."""
    account = opened.account
    held: list[tuple[str, Document]] = [(role.arn, role.trust) for role in account.roles if role.trust is not None]
    held += sorted((opened.reader.resource_policies().value or {}).items())
    for resource, document in held:
        for statement in document.readable_statements:
            if statement.effect != "Allow" or _narrowed_to_us(statement, own, organization):
                continue
            conditions = tuple(wish(block.operator, block.key, block.values) for block in statement.conditions)
            for kind, value in statement.principal or (("AWS", "everyone but some"),):
                if (of := _outside(kind, value, {*own, account.id})) is not None:
                    actions = statement.action or ("all but some",)
                    yield Reach(account.id, resource, value, of, actions, statement.index, statement.sid, conditions)


def _outside(kind: str, value: str, own: Iterable[str]) -> str | None:
    """The kind of a principal that is none of ours; None for ours, for services and for our own providers."""
    if value in ("*", "everyone but some"):
        return "everyone"
    if kind not in ("AWS", "*"):
        return None
    number = value if value.isdigit() else caller(value).account
    if number is None or number in own:
        return None
    return "account" if value.isdigit() or caller(value).kind is Kind.ROOT else caller(value).kind.value


def _narrowed_to_us(statement: Statement, own: frozenset[str], organization: str) -> bool:
    """Whether a condition lets in only callers of our accounts."""
    for block in statement.conditions:
        key, operator = block.key.lower(), block.operator.lower()
        if key not in _OURS or "not" in operator or operator.endswith("ifexists") or operator == "null":
            continue
        if key == "aws:principalaccount":
            if all(value in own for value in block.values):
                return True
        elif organization and all(_is_of(value, organization) for value in block.values):
            return True
    return False


def _is_of(value: str, organization: str) -> bool:
    first = value.partition("/")[0]
    return first == organization or (has_wildcard(first) and first != "*" and compile_glob(first)(organization))


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One account's review, as JSON. ``text`` are the lines of its findings."""

    account: dict[str, Any]
    findings: list[dict[str, Any]]
    unread: list[dict[str, Any]]
    reach: list[dict[str, Any]]
    text: tuple[str, ...]


def reviewed(review: Review, name: str, reach: Iterable[Reach]) -> Reviewed:
    """The review of one account, for one document of several."""
    account = review.account
    captured = account.captured_at.isoformat() if account.captured_at else None
    return Reviewed(
        {"id": account.id, "name": name or None, "alias": account.alias, "captured_at": captured},
        [{**finding_json(one), "account": account.id} for one in review.findings],
        [{"what": one.what, "rules": list(one.rules), "account": account.id} for one in review.unread],
        [one.json() for one in reach],
        tuple(line for one in review.findings for line in ("", *map(visible, finding_lines(one)))),
    )


def document(done: Sequence[Reviewed], missing: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The document of ``rolescope review --json`` over several accounts; ``missing`` are accounts that were not
    reviewed.
    """
    return merged(
        [
            {
                "accounts": [each.account for each in done],
                "findings": [one for each in done for one in each.findings],
                "reach": [one for each in done for one in each.reach],
                "unread": [*missing, *(one for each in done for one in each.unread)],
            }
        ]
    )


_RANK = {severity.value: severity.rank for severity in Severity}


def merged(parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One document of those of several parts of the accounts: the same, however they were divided."""
    findings = [one for part in parts for one in part["findings"]]
    findings.sort(key=lambda one: (_RANK[one["severity"]], one["rule"], one["account"], one["subject"], one["summary"]))
    counts = dict.fromkeys(_RANK, 0)
    for one in findings:
        counts[one["severity"]] += "accepted" not in one
    unread: list[dict[str, Any]] = []
    for one in sorted((one for part in parts for one in part["unread"]), key=lambda one: (one["account"], one["what"])):
        if one not in unread:
            unread.append(one)
    return {
        "account": None,
        "accounts": sorted((each for part in parts for each in part["accounts"]), key=lambda one: str(one["id"])),
        "counts": counts,
        "findings": findings,
        "causes": _causes(findings),
        "reach": sorted(
            (one for part in parts for one in part["reach"]),
            key=lambda one: (one["account"], one["resource"], one["statement"], one["who"]),
        ),
        "unread": unread,
    }


def _causes(findings: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings by rule, with the accounts that have them; first what is gravest and in most accounts."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in findings:
        cause = found.setdefault(
            (one["severity"], one["rule"]),
            {"rule": one["rule"], "severity": one["severity"], "title": one["title"], "accounts": [], "findings": 0},
        )
        cause["findings"] += 1
        if one["account"] not in cause["accounts"]:
            cause["accounts"].append(one["account"])
    return sorted(found.values(), key=lambda one: (_RANK[one["severity"]], -len(one["accounts"]), one["rule"]))


def to_text(done: Sequence[Reviewed], whole: dict[str, Any]) -> str:
    counts = ", ".join(f"{count:,} {severity}" for severity, count in whole["counts"].items() if count)
    lines = [f"{plural(len(done), 'account')}: {counts or 'no findings'}"]
    for cause in whole["causes"]:
        where = plural(len(cause["accounts"]), "account")
        lines.append(f"  {cause['severity']:<8} {cause['rule']}: {cause['findings']} in {where}")
    if whole["reach"]:
        lines += ["", "FROM OUTSIDE"]
    for one in whole["reach"]:
        conditions = f", if {listing(one['conditions'])}" if one["conditions"] else ""
        lines.append(visible(f"  {one['who']} to {one['resource']} ({', '.join(one['actions'][:3])}){conditions}"))
    for each in done:
        name = each.account["name"] or each.account["alias"]
        words = f"{name} ({each.account['id']})" if name else each.account["id"]
        lines += ["", visible(f"ACCOUNT {words}"), *(each.text or ("", "  no findings"))]
    if whole["unread"]:
        lines += ["", "NOT READ"]
    for one in whole["unread"]:
        rules = f" Incomplete rules: {', '.join(one['rules'])}." if one["rules"] else ""
        lines.append(visible(f"  {one['account']}: {one['what']}{rules}"))
    return "\n".join(lines) + "\n"


def with_own(review: Review, accounts: Accounts) -> Review:
    """The review without findings that other accounts of the organization refute."""
    return replace(review, findings=tuple(without_neighbours(review.findings, accounts)))
