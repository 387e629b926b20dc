"""What IAM Access Analyzer found of roles and users (IAM User Guide, "IAM Access Analyzer findings")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Analyzer:
    """``type`` is AWS's (``ACCOUNT``, ``ORGANIZATION_UNUSED_ACCESS`` …); ``unused_days`` from when on access counts as
    unused, for those that look for it.
    """

    arn: str
    type: str
    unused_days: int | None = None


@dataclass(frozen=True, slots=True)
class AnalyzerFinding:
    """An active finding.

    ``kind`` is AWS's (``ExternalAccess``, ``UnusedIAMRole`` …), ``resource`` the ARN that it is about, ``principals``
    who gets at it, ``what`` the actions, the service or the key. ``detailed``: its details were read.
    """

    id: str
    kind: str
    resource: str
    analyzer: str
    resource_type: str = ""
    principals: tuple[str, ...] = ()
    what: tuple[str, ...] = ()
    public: bool = False
    last_accessed: datetime | None = None
    detailed: bool = True


@dataclass(frozen=True, slots=True)
class AnalyzerReport:
    """The analyzers that look at the account, in the regions in use, and their findings."""

    analyzers: tuple[Analyzer, ...] = ()
    findings: tuple[AnalyzerFinding, ...] = ()
