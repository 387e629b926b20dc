"""The common interface to every kind of account: a Protocol for each part, joined in `AccountReader`."""

from iam.sources.reader.account_reader import AccountReader, CallerIdentity, OpenedAccount
from iam.sources.reader.authorization import AuthorizationRecord
from iam.sources.reader.entities import (
    DEFAULT_PASSWORD_POLICY,
    AccessKey,
    Credential,
    EntityName,
    LoginProfile,
    MfaDevice,
    PasswordPolicy,
    ServerCertificate,
)
from iam.sources.reader.evidence import ConfigItem, EventPage
from iam.sources.reader.reading import Reading
from iam.sources.reader.resources import Binding, KeyGrant, PublicAccessBlock, Workload, WorkloadRegions
from iam.sources.source_error import SourceError

__all__ = [
    "DEFAULT_PASSWORD_POLICY",
    "AccessKey",
    "AccountReader",
    "AuthorizationRecord",
    "Binding",
    "CallerIdentity",
    "ConfigItem",
    "Credential",
    "EntityName",
    "EventPage",
    "KeyGrant",
    "LoginProfile",
    "MfaDevice",
    "OpenedAccount",
    "PasswordPolicy",
    "PublicAccessBlock",
    "Reading",
    "ServerCertificate",
    "SourceError",
    "Workload",
    "WorkloadRegions",
]
