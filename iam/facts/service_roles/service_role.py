"""The contract of a service role: who assumes it, under which conditions, and what it must be able to do."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTATION = "https://docs.aws.amazon.com/"


@dataclass(frozen=True, slots=True)
class SourceGuard:
    """The condition by which a trust policy keeps out other accounts' resources (the confused deputy).

    ``account``: AWS's page adds aws:SourceAccount. ``sources``: service and resource part of the aws:SourceArn that the
    page gives, with wildcards for what is not known before the resource exists. ``external_id``: the sts:ExternalId
    that the service sends; `OWN_ACCOUNT` represents the account's number. A guard without any of them means that the
    page shows none, not that the service sends nothing.
    """

    account: bool = False
    sources: tuple[tuple[str, str], ...] = ()
    external_id: str = ""

    def __bool__(self) -> bool:
        return self.account or bool(self.sources)


OWN_ACCOUNT = "OWN_ACCOUNT"

# Services whose ARNs contain no Region (Service Authorization Reference, "Resource types defined by ...").
_WITHOUT_REGION = frozenset({"budgets", "ssm-incidents"})


def region_in_arn(service: str, region: str) -> str:
    """Return the Region that an ARN of the service contains: ``region``, or empty for a service without Regions."""
    return "" if service in _WITHOUT_REGION else region


@dataclass(frozen=True, slots=True)
class ServiceRole:
    """One use of a role by a service, as AWS's pages describe it.

    ``pages`` are the addresses below `DOCUMENTATION`. ``edition`` is the year of the text that was read, or a span of
    years: stored copies carry no date, so the span is what their content dates them to, and 2023 means the last year in
    which AWS published the guide as text, which may be older. ``retrieved`` is the day of reading.
    ``principals``: all of them must be trusted. ``name`` is the role's name where the service uses no other,
    ``usual_name`` the one that AWS's console or page gives. ``policies`` are AWS managed policies that the page
    attaches, below ``arn:aws:iam::aws:policy/``, and ``further_policies`` are those that it lists for some uses, each
    with what it is for; ``actions`` is what the role must be allowed where the page lists it.
    ``trust_actions`` are all required in the trust policy, ``optional_trust_actions`` by some uses only. ``note`` is
    what to know before using it.
    """

    id: str
    title: str
    principals: tuple[str, ...]
    pages: tuple[str, ...]
    guard: SourceGuard = SourceGuard()
    name: str = ""
    usual_name: str = ""
    policies: tuple[str, ...] = ()
    further_policies: tuple[tuple[str, str], ...] = ()
    actions: tuple[str, ...] = ()
    trust_actions: tuple[str, ...] = ("sts:AssumeRole",)
    optional_trust_actions: tuple[str, ...] = ()
    note: str = ""
    edition: str = "2025-2026"
    retrieved: str = "2026-11-29"

    @property
    def principal(self) -> str:
        """The principal that names the service."""
        return self.principals[0]

    @property
    def url(self) -> str:
        return DOCUMENTATION + self.pages[0]

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(DOCUMENTATION + page for page in self.pages)
