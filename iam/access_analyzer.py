"""Findings of IAM Access Analyzer about roles and users (IAM User Guide, "IAM Access Analyzer findings")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Analyzer:
    """An analyzer of IAM Access Analyzer.

    ``type`` is AWS's name for it (``ACCOUNT``, ``ORGANIZATION_UNUSED_ACCESS`` …). ``unused_days`` is the number of days
    without use after which access counts as unused, for analyzers of unused access.
    """

    arn: str
    type: str
    unused_days: int | None = None


@dataclass(frozen=True, slots=True)
class AnalyzerFinding:
    """An active finding.

    ``kind`` is AWS's finding type (``ExternalAccess``, ``UnusedIAMRole`` …), ``resource`` the ARN that the finding is
    about, ``principals`` who has the access, ``what`` the actions, the service or the key. ``detailed``: the finding's
    details were read.
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
    """The analyzers that cover the account in the Regions in use, and their findings."""

    analyzers: tuple[Analyzer, ...] = ()
    findings: tuple[AnalyzerFinding, ...] = ()
