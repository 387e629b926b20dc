"""The account under review, with its limits, and what only the review reads of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from diagnostics.diagnosis import Evidence
from diagnostics.review.finding import Unread
from diagnostics.review.limits import Limits
from diagnostics.words import word_of
from iam.account import ServiceLastAccessed
from iam.policy.compiled import CompiledStatement
from iam.policy.request import NamedPolicy
from iam.policy.unknown_keys import Judged
from iam.risks.judged_account import JudgedAccount
from iam.sources.reader import AccessKey, ServerCertificate

if TYPE_CHECKING:
    from iam.history.timeline import History

MOST_JOBS = 60
"""Principals for which AWS is asked to make a report of last accessed services: each is a job of some seconds."""

MOST_CERTIFICATES = 50
"""Server certificates that are read, one by one."""


@dataclass
class ReviewedAccount(JudgedAccount):
    """An account and its limits. ``whole``: all of it is reviewed, and not one role. ``history`` has the recorded
    changes, None where the review is given none (`diagnostics.review.records`).
    """

    limits: Limits = field(default_factory=Limits)
    whole: bool = True
    history: History | None = None
    _accessed: dict[str, tuple[ServiceLastAccessed, ...] | None] = field(default_factory=dict)

    @property
    def own_accounts(self) -> tuple[str, ...]:
        return tuple(self.limits.own_accounts)

    def forget(self) -> None:
        super().forget()
        self._accessed.clear()

    def last_accessed(self, arn: str) -> tuple[ServiceLastAccessed, ...] | None:
        """When the services that a principal is granted were used last; None where that is not known. Asked once."""
        if arn not in self._accessed:
            self._accessed[arn] = self._read_last_accessed(arn)
        return self._accessed[arn]

    def _read_last_accessed(self, arn: str) -> tuple[ServiceLastAccessed, ...] | None:
        if self.whole and self.reader.kind == "aws" and len(self.principals) > MOST_JOBS:
            why = (
                f"Last accessed services of more than {MOST_JOBS} roles and users are not asked for at once; "
                "rolescope review --role NAME asks for one."
            )
            self.cannot_tell("last accessed", why)
            return None
        reading = self.reader.last_accessed(arn)
        if reading.value is None:
            self.cannot_tell("last accessed", reading.why)
        elif reading.value and all(one.actions is None for one in reading.value):
            why = f"The last use of single actions is unknown for {arn}."
            self.cannot_tell("actions last accessed", why)
        return reading.value

    def access_keys(self, user: str) -> tuple[AccessKey, ...] | None:
        reading = self.reader.access_keys(user)
        if reading.value is None and reading.why:
            self.cannot_tell("access keys", reading.why)
        return reading.value

    def server_certificates(self) -> Iterator[ServerCertificate]:
        """Those that IAM keeps, each read by itself: few accounts have more than some."""
        names = self.reader.entity_names("server-certificate")
        if names.value is None and names.why:
            self.cannot_tell("server certificates", names.why)
        listed = names.value or ()
        if len(listed) > MOST_CERTIFICATES:
            self.cannot_tell(
                "server certificates", f"Only {MOST_CERTIFICATES} of {len(listed):,} server certificates were read."
            )
        for each in listed[:MOST_CERTIFICATES]:
            reading = self.reader.server_certificate(each.name)
            if reading.value is not None:
                yield reading.value
            elif reading.why:
                self.cannot_tell("server certificates", reading.why)

    def unread(self, rules: Mapping[str, Iterable[str]]) -> Iterator[Unread]:
        """``rules`` has for each part of an account (``trust``, ``permissions`` …) the rules that need it."""
        account = self.account
        for reading in self._organization.readings:
            if reading.unread:
                yield Unread(reading.why, tuple(rules.get(reading.layer.policies, ())))
        no_trust = sum(role.trust is None for role in self.roles)
        if no_trust:
            yield Unread(f"The trust policies of {no_trust:,} roles could not be read.", tuple(rules.get("trust", ())))
        if self._bare:
            why = self._bare[0].unread[0].why
            more = f" ({len(self._bare) - 1:,} more roles and users are like this.)" if len(self._bare) > 1 else ""
            yield Unread(f"{why}{more}", tuple(rules.get("permissions", ())))
        lists = (
            ("users", account.users),
            ("roles", account.roles),
            ("policies", account.policies),
            ("OIDC providers", account.oidc_providers),
            ("SAML providers", account.saml_providers),
        )
        for what, listed in lists:
            if listed is None or what in account.incomplete:
                yield Unread(f"Not all {what} of the account could be read.", tuple(rules.get(what, ())))
        if account.summary is None:
            yield Unread("The account's quotas could not be read.", tuple(rules.get("summary", ())))
        no_use = sum(role.last_used is None for role in self.roles)
        if no_use:
            yield Unread(f"The last use of {no_use:,} roles could not be read.", tuple(rules.get("last used", ())))
        for what, (why, others) in self._not_told.items():
            said = f" ({others:,} more are like this.)" if others else ""
            yield Unread(f"{why}{said}", tuple(rules.get(what, ())))


def evidence(policy: NamedPolicy, one: CompiledStatement, element: str, text: str, layer: str = "identity") -> Evidence:
    """A statement as evidence; ``element`` is the part that makes the finding."""
    statement = one.statement
    return Evidence(
        text, layer, policy.name, policy.arn, statement.index, statement.sid, element, document=policy.document
    )


def trust_evidence(one: Judged, text: str) -> Evidence:
    """A statement that the engine named, asked who may assume a role."""
    layer = word_of(one.layer, trust=True)
    return Evidence(text, layer, one.policy.name, one.policy.arn, one.statement, one.sid, document=one.policy.document)
