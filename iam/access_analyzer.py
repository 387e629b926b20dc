"""Findings of IAM Access Analyzer about roles and users (IAM User Guide, "IAM Access Analyzer findings")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Analyzer:
    """An analyzer in IAM Access Analyzer.

    ``type`` is AWS's name for its type (``ACCOUNT``, ``ORGANIZATION_UNUSED_ACCESS`` …). ``unused_days`` is the number
    of days after which an analyzer reports access as unused; None for analyzers of other kinds.
    """

    arn: str
    type: str
    unused_days: int | None = None


@dataclass(frozen=True, slots=True)
class AnalyzerFinding:
    """An active finding.

    ``kind`` is AWS's finding type (``ExternalAccess``, ``UnusedIAMRole`` …), ``resource`` the ARN that the finding is
    about, and ``principals`` are those who have the access. ``what`` contains the actions, the service or the access
    key that the finding names. ``detailed``: the finding's details were read too.
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
