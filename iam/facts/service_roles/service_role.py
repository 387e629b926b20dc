"""A service role: which service assumes it, under which conditions, and what it must be allowed to do."""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTATION = "https://docs.aws.amazon.com/"


@dataclass(frozen=True, slots=True)
class SourceGuard:
    """The condition with which a trust policy excludes other accounts' resources (the confused deputy problem).

    ``account``: AWS's page tests aws:SourceAccount. ``sources``: pairs of the service and the resource part of the
    aws:SourceArn on the page, with wildcards for what is not known before the resource exists. ``external_id``: the
    sts:ExternalId that the service sends; `OWN_ACCOUNT` represents the account's ID. If all are empty, the page shows
    no condition; the service may send these keys nevertheless.
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

    ``pages`` are URLs relative to `DOCUMENTATION`. ``edition`` is the year of the text that was read, or a range of
    years: stored copies have no date, so the range is derived from their content; 2023 is the last year in which AWS
    published guides as text, so such a text may be older. ``retrieved`` is the day on which it was read.

    ``principals``: all of them must be trusted. ``name`` is the role's name if the service accepts no other,
    ``usual_name`` the name that AWS's console or page uses. ``policies`` are the AWS managed policies that the page
    attaches, relative to ``arn:aws:iam::aws:policy/``, and ``further_policies`` those that it lists for some uses, each
    with its purpose. ``actions`` are the actions that the role must be allowed, if the page lists them.
    ``trust_actions`` are all required in the trust policy, ``optional_trust_actions`` only for some uses. ``note`` is
    what to know before using the role.
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
