"""The account under review, with the review's limits and the data that only the review reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from diagnostics.diagnosis import Evidence
from diagnostics.review.finding import Progress, Unread
from diagnostics.review.limits import Limits
from diagnostics.sentences import only_if
from diagnostics.words import word_of
from iam.access_analyzer import AnalyzerReport
from iam.account import Account
from iam.arn import name_of
from iam.facts.workloads import BOUND, WORKLOAD_KINDS, WorkloadKind
from iam.other_services import ServiceLastAccessed
from iam.own_command import own_command
from iam.policy.compiled import CompiledStatement
from iam.policy.request import NamedPolicy
from iam.policy.unknown_keys import Judged
from iam.questions.index import Principal
from iam.risks.judged_account import JudgedAccount
from iam.sources.reader.entities import AccessKey, LoginProfile, MfaDevice, ServerCertificate
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Workload, WorkloadRegions
from iam.words import listing, plural

if TYPE_CHECKING:
    from diagnostics.review.escalation.step import EscalationStep
    from iam.history.timeline import History

MOST_JOBS = 60
"""The maximum number of principals whose last accessed services are read, because each read is a job of a few seconds.
"""

MOST_ASKED = 5_000
"""The maximum number of requests evaluated to find paths that start with a principal's changes to itself."""

_AT_ONCE = 4
"""The number of workload kinds that are read at the same time."""

MOST_CERTIFICATES = 50
"""The maximum number of server certificates that are read, one by one."""


@dataclass
class ReviewedAccount(JudgedAccount):
    """The account under review, and the limits of the rules.

    ``whole``: the review covers the account, and not one role. ``history`` contains the recorded changes, or None if
    the review has none (`diagnostics.review.records`). ``skip_workloads``: workloads that run with the roles are not
    read; ``every_region``: they are read in every enabled Region, and not only in those in use. ``only`` is the ARN of
    the one role or user whose paths to administrator are of interest. If it cannot have a path, none is searched for.
    If ``only`` is None, the paths of all roles and users are of interest.
    """

    limits: Limits = field(default_factory=Limits)
    whole: bool = True
    history: History | None = None
    writing_policies: tuple[NamedPolicy, ...] | None = None
    skip_workloads: bool = False
    every_region: bool = False
    only: str | None = None
    escalating: dict[str, tuple[EscalationStep, ...]] | None = None
    """All principals that can become administrator, by ARN, with their steps; None before the rule `escalation.path`
    ran.
    """
    getting_at: dict[str, frozenset[int]] = field(default_factory=dict)
    """The indexes of the principals that may get or change the rights of a role or user, by the ARN of the role or
    user."""
    _accessed: dict[str, tuple[ServiceLastAccessed, ...] | None] = field(default_factory=dict)
    _login_profiles: dict[str, Reading[LoginProfile]] = field(default_factory=dict)
    _mfa_devices: dict[str, Reading[tuple[MfaDevice, ...]]] = field(default_factory=dict)
    _access_keys: dict[str, Reading[tuple[AccessKey, ...]]] = field(default_factory=dict)
    _of_roles: dict[str, list[Workload]] = field(default_factory=dict)
    _of_kinds: dict[str, tuple[Workload, ...]] = field(default_factory=dict)
    _workload_gaps: list[str] = field(default_factory=list)
    _untried: set[str] = field(default_factory=set)
    _bindings_known: bool = False
    _most: int = MOST_ASKED
    regions: tuple[str, ...] = ()
    """The account's enabled Regions, as far as they are known."""

    @property
    def own_accounts(self) -> tuple[str, ...]:
        return tuple(self.limits.own_accounts)

    def forget(self) -> None:
        super().forget()
        self._accessed.clear()

    def after(self, account: Account) -> ReviewedAccount:
        """Return the review of the account after a change, with the workloads that were already read."""
        fresh: dict[str, Any] = {
            name: {} for name in ("worked_out", "near", "_named", "_trusts", "_able", "_unreadable")
        }
        return replace(
            self,
            account=account,
            writing_policies=None,
            escalating=None,
            asked=0,
            _untried=set(),
            _most=MOST_ASKED,
            **fresh,
        )

    def spend(self, share: float = 1) -> None:
        """Let a search by changes evaluate, from now on, at most this share of `MOST_ASKED` requests."""
        self._most = self.asked + int(MOST_ASKED * share)

    def has_spent(self, principal: Principal) -> bool:
        """Return whether the search by changes has used up its requests. If so, `unread` names the principal."""
        if self.asked <= self._most:
            return False
        self.not_tried(f"not every change that {principal.entity.name} can make to its own permissions was tried")
        return True

    def not_tried(self, clause: str) -> None:
        """Record a clause about paths to administrator that were not searched for."""
        if clause not in self._untried:
            self._untried.add(clause)
            self.cannot_tell("changes", f"Paths to administrator: {clause}.")

    def read_workloads(self) -> Iterator[Progress]:
        """Read the workloads that run with the roles, yielding progress by kind. The caller may stop at any time.

        `unread` has a line for each kind that could not be read. Before this call, `workloads` returns none.
        """
        self._of_roles.clear()
        self._of_kinds.clear()
        self._workload_gaps.clear()
        regions = () if self.skip_workloads else self._workload_regions()
        self._read_bindings(regions)
        if self.skip_workloads:
            self._workload_gaps += [f"{_titled(kind)} were not read, as requested." for kind in WORKLOAD_KINDS]
            return
        what = "what runs as the roles"
        if self.reader.kind == "aws":
            lists = len(WORKLOAD_KINDS) * len(regions)
            what += f" ({plural(lists, 'list')} in {plural(len(regions), 'Region')}, then each item)"
        yield Progress(what, 0, len(WORKLOAD_KINDS))
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            readings = pool.map(lambda kind: self.reader.workloads(kind.id, regions), WORKLOAD_KINDS)
            for done, (kind, reading) in enumerate(zip(WORKLOAD_KINDS, readings, strict=True)):
                yield Progress(what, done + 1, len(WORKLOAD_KINDS))
                if missing := reading.why or reading.note:
                    self._workload_gaps.append(f"{_titled(kind)}: {missing}")
                if reading.value is not None and not reading.note:
                    self._of_kinds[kind.id] = reading.value
                for workload in reading.value or ():
                    self._add(workload)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _workload_regions(self) -> tuple[str, ...]:
        reading = self.reader.workload_regions()
        known = reading.value or WorkloadRegions((), ())
        self.regions = (*known.read, *known.not_read)
        if reading.note or reading.why:
            self._workload_gaps.append(f"Regions: {reading.note or reading.why}")
        live = self.reader.kind == "aws"  # a file's contents have already been read
        if self.every_region and live:
            return self.regions
        if known.not_read:
            listed = listing(known.not_read, limit=3)
            advice = f" {own_command('review', '--every-region')} reads them too." if live else ""
            self._workload_gaps.append(
                "The resources that run as the roles were not read in "
                f"{plural(len(known.not_read), 'enabled Region')}: {listed}.{advice}"
            )
        return known.read

    def _read_bindings(self, regions: tuple[str, ...]) -> None:
        reading = self.reader.all_bindings(regions)
        if unread := reading.why or reading.note:
            self.cannot_tell("bindings", unread)
        self._bindings_known = reading.value is not None and not reading.note
        known = {"partition": self.account.partition, "account": self.account.id}
        for one in reading.value or ():
            if one.service not in BOUND:  # of a file by another tool
                continue
            kind, arn = BOUND[one.service]
            named = one.name.partition(":")[0] if one.service == "eks" else one.name
            given = one.name.startswith("arn:")
            places = {**known, "name": named, "region": one.region or "*"}
            self._add(Workload(kind, one.name if given else arn.format_map(places), one.region, (one.role_arn,)))

    def _add(self, workload: Workload) -> None:
        for role in workload.roles:
            self._of_roles.setdefault(role, []).append(workload)

    def workloads(self, role_arn: str) -> tuple[Workload, ...]:
        """Return the known workloads that run with a role."""
        return (*self._of_roles.get(role_arn, ()), *self._of_roles.get(name_of(role_arn), ()))

    def workloads_of(self, kind: str) -> tuple[Workload, ...] | None:
        """Return the workloads of a kind, or None if not all of them are known."""
        return self._of_kinds.get(kind)

    @property
    def known_kinds(self) -> frozenset[str]:
        """Return the workload kinds that were read completely."""
        bound = (kind for kind, _ in BOUND.values()) if self._bindings_known else ()
        return frozenset((*self._of_kinds, *bound))

    def last_accessed(self, arn: str) -> tuple[ServiceLastAccessed, ...] | None:
        """Return when a principal last used each service that it may use, or None if that is unknown.

        The data is read only once.
        """
        if arn not in self._accessed:
            self._accessed[arn] = self._read_last_accessed(arn)
        return self._accessed[arn]

    def _read_last_accessed(self, arn: str) -> tuple[ServiceLastAccessed, ...] | None:
        if self.whole and self.reader.kind == "aws" and len(self.principals) > MOST_JOBS:
            why = (
                f"Last accessed services are read for at most {MOST_JOBS} roles and users at a time; "
                f"{own_command('review', '--role', 'NAME')} reads them for one."
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

    @cached_property
    def analyzers(self) -> Reading[AnalyzerReport]:
        """The findings of Access Analyzer; read once, on first access."""
        return self.reader.access_analyzer()

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        """Return what is known about a user's password. The result is read once and then cached."""
        if user not in self._login_profiles:
            self._login_profiles[user] = self.reader.login_profile(user)
        return self._login_profiles[user]

    def has_password(self, user: str) -> bool | None:
        """Return whether a user has a password, or None if that could not be read."""
        profile = self.login_profile(user)
        return None if profile.value is None and profile.why else profile.value is not None

    def mfa_devices(self, user: str) -> Reading[tuple[MfaDevice, ...]]:
        """Return a user's MFA devices. They are read once and then cached."""
        if user not in self._mfa_devices:
            self._mfa_devices[user] = self.reader.mfa_devices(user)
        return self._mfa_devices[user]

    def has_mfa(self, user: str) -> bool | None:
        """Return whether a user has an MFA device, or None if that could not be read."""
        devices = self.mfa_devices(user).value
        return None if devices is None else bool(devices)

    def keys_of(self, user: str) -> int | None:
        """Return the number of a user's access keys, active or not; None if they could not be read.

        The keys are read once and then cached.
        """
        keys = self._read_keys(user).value
        return None if keys is None else len(keys)

    def _read_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        if user not in self._access_keys:
            self._access_keys[user] = self.reader.access_keys(user)
        return self._access_keys[user]

    def access_keys(self, user: str) -> tuple[AccessKey, ...] | None:
        reading = self._read_keys(user)
        if reading.value is None and reading.why:
            self.cannot_tell("access keys", reading.why)
        return reading.value

    def server_certificates(self) -> Iterator[ServerCertificate]:
        """Yield the server certificates in IAM, at most `MOST_CERTIFICATES`. Each one is read by a separate call."""
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
        """Yield what could not be read.

        ``rules`` are the IDs of the rules by the part of an account they need (``trust`` …).
        """
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
                yield Unread(f"Some or all {what} of the account could not be read.", tuple(rules.get(what, ())))
        if account.summary is None:
            yield Unread("The account's quotas could not be read.", tuple(rules.get("summary", ())))
        no_use = sum(role.last_used is None for role in self.roles)
        if no_use:
            yield Unread(f"The last use of {no_use:,} roles could not be read.", tuple(rules.get("last used", ())))
        for gap in self._workload_gaps:
            yield Unread(gap, tuple(rules.get("workloads", ())))
        for what, (why, others) in self._unreadable.items():
            said = f" ({others:,} more are like this.)" if others else ""
            yield Unread(f"{why}{said}", tuple(rules.get(what, ())))


def _titled(kind: WorkloadKind) -> str:
    return f"{kind.title[0].upper()}{kind.title[1:]}"


def evidence(policy: NamedPolicy, one: CompiledStatement, element: str, text: str, layer: str = "identity") -> Evidence:
    """Return a statement as evidence. ``element`` is the part of the statement that causes the finding."""
    statement = one.statement
    return Evidence(
        text, layer, policy.name, policy.arn, statement.index, statement.sid, element, document=policy.document
    )


def trust_evidence(one: Judged, text: str) -> Evidence:
    """Return, as evidence, a statement that decides who may assume a role according to the engine."""
    layer = word_of(one.layer, trust=True)
    text = only_if(text, one.conditions)
    return Evidence(text, layer, one.policy.name, one.policy.arn, one.statement, one.sid, document=one.policy.document)
