"""The write calls of IAM that a plan may hold: their parameters, and what they are called in the AWS CLI.

Nothing outside this table is ever called. Names are those of the IAM API; a test holds them against botocore's model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """How a parameter's value is spelled. ``DOCUMENT`` is a policy's JSON text, ``TAGS`` a mapping of texts."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    LIST = "list"
    TAGS = "tags"
    DOCUMENT = "document"


_ROLE = {"RoleName": Kind.TEXT}
_USER = {"UserName": Kind.TEXT}
_GROUP = {"GroupName": Kind.TEXT}
_PROFILE = {"InstanceProfileName": Kind.TEXT}
_POLICY = {"PolicyArn": Kind.TEXT}
_PROVIDER = {"OpenIDConnectProviderArn": Kind.TEXT}
_INLINE = {"PolicyName": Kind.TEXT, "PolicyDocument": Kind.DOCUMENT}
_VERSION = {**_POLICY, "VersionId": Kind.TEXT}

OPERATIONS: Mapping[str, Mapping[str, Kind]] = MappingProxyType(
    {
        "CreateRole": {
            "Path": Kind.TEXT,
            **_ROLE,
            "AssumeRolePolicyDocument": Kind.DOCUMENT,
            "Description": Kind.TEXT,
            "MaxSessionDuration": Kind.NUMBER,
            "PermissionsBoundary": Kind.TEXT,
            "Tags": Kind.TAGS,
        },
        "DeleteRole": _ROLE,
        "UpdateRole": {**_ROLE, "Description": Kind.TEXT, "MaxSessionDuration": Kind.NUMBER},
        "UpdateAssumeRolePolicy": {**_ROLE, "PolicyDocument": Kind.DOCUMENT},
        "PutRolePolicy": {**_ROLE, **_INLINE},
        "DeleteRolePolicy": {**_ROLE, "PolicyName": Kind.TEXT},
        "AttachRolePolicy": {**_ROLE, **_POLICY},
        "DetachRolePolicy": {**_ROLE, **_POLICY},
        "PutRolePermissionsBoundary": {**_ROLE, "PermissionsBoundary": Kind.TEXT},
        "DeleteRolePermissionsBoundary": _ROLE,
        "TagRole": {**_ROLE, "Tags": Kind.TAGS},
        "UntagRole": {**_ROLE, "TagKeys": Kind.LIST},
        "PutUserPolicy": {**_USER, **_INLINE},
        "DeleteUserPolicy": {**_USER, "PolicyName": Kind.TEXT},
        "AttachUserPolicy": {**_USER, **_POLICY},
        "DetachUserPolicy": {**_USER, **_POLICY},
        "PutUserPermissionsBoundary": {**_USER, "PermissionsBoundary": Kind.TEXT},
        "DeleteUserPermissionsBoundary": _USER,
        "AddUserToGroup": {**_GROUP, **_USER},
        "RemoveUserFromGroup": {**_GROUP, **_USER},
        "CreateUser": {"Path": Kind.TEXT, **_USER, "PermissionsBoundary": Kind.TEXT, "Tags": Kind.TAGS},
        "DeleteUser": _USER,
        "DeleteLoginProfile": _USER,
        "DeleteAccessKey": {**_USER, "AccessKeyId": Kind.TEXT},
        "DeactivateMFADevice": {**_USER, "SerialNumber": Kind.TEXT},
        "DeleteVirtualMFADevice": {"SerialNumber": Kind.TEXT},
        "DeleteSigningCertificate": {**_USER, "CertificateId": Kind.TEXT},
        "DeleteSSHPublicKey": {**_USER, "SSHPublicKeyId": Kind.TEXT},
        "DeleteServiceSpecificCredential": {**_USER, "ServiceSpecificCredentialId": Kind.TEXT},
        "TagUser": {**_USER, "Tags": Kind.TAGS},
        "UntagUser": {**_USER, "TagKeys": Kind.LIST},
        "CreateGroup": {"Path": Kind.TEXT, **_GROUP},
        "DeleteGroup": _GROUP,
        "PutGroupPolicy": {**_GROUP, **_INLINE},
        "DeleteGroupPolicy": {**_GROUP, "PolicyName": Kind.TEXT},
        "AttachGroupPolicy": {**_GROUP, **_POLICY},
        "DetachGroupPolicy": {**_GROUP, **_POLICY},
        "CreateInstanceProfile": {**_PROFILE, "Path": Kind.TEXT, "Tags": Kind.TAGS},
        "DeleteInstanceProfile": _PROFILE,
        "AddRoleToInstanceProfile": {**_PROFILE, **_ROLE},
        "RemoveRoleFromInstanceProfile": {**_PROFILE, **_ROLE},
        "CreatePolicy": {
            "PolicyName": Kind.TEXT,
            "Path": Kind.TEXT,
            "PolicyDocument": Kind.DOCUMENT,
            "Description": Kind.TEXT,
            "Tags": Kind.TAGS,
        },
        "DeletePolicy": _POLICY,
        "CreatePolicyVersion": {**_POLICY, "PolicyDocument": Kind.DOCUMENT, "SetAsDefault": Kind.FLAG},
        "DeletePolicyVersion": _VERSION,
        "SetDefaultPolicyVersion": _VERSION,
        "CreateOpenIDConnectProvider": {"Url": Kind.TEXT, "ClientIDList": Kind.LIST},
        "DeleteOpenIDConnectProvider": _PROVIDER,
        "DeleteServerCertificate": {"ServerCertificateName": Kind.TEXT},
        "AddClientIDToOpenIDConnectProvider": {**_PROVIDER, "ClientID": Kind.TEXT},
        "RemoveClientIDFromOpenIDConnectProvider": {**_PROVIDER, "ClientID": Kind.TEXT},
    }
)

# Parameters that a call can do without.
OPTIONAL = frozenset({"Path", "Description", "MaxSessionDuration", "Tags", "SetAsDefault", "ClientIDList"})
_OPTIONAL_OF = {
    "CreateRole": frozenset({"PermissionsBoundary"}),
    "CreateUser": frozenset({"PermissionsBoundary"}),
}


def is_optional(operation: str, parameter: str) -> bool:
    if operation in ("TagRole", "TagUser"):
        return False
    return parameter in OPTIONAL or parameter in _OPTIONAL_OF.get(operation, ())


_ACRONYM = re.compile(r"(OpenIDConnect|ClientID|ID|URL|ARN|MFA|SSH)(?=[A-Z]|$)")
_SPECIAL = {"OpenIDConnect": "OpenIdConnect", "ClientID": "ClientId"}
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def cli_name(name: str) -> str:
    """``PutRolePolicy`` and ``RoleName`` as the AWS CLI spells them: ``put-role-policy``, ``role-name``."""
    return _WORD.sub("-", _ACRONYM.sub(lambda match: _SPECIAL.get(match[1], match[1].capitalize()), name)).lower()


def from_cli_name(operation: str) -> str | None:
    """The operation that a command of the AWS CLI (``put-role-policy``) makes, or None for what no plan may hold."""
    return next((name for name in OPERATIONS if cli_name(name) == operation), None)
