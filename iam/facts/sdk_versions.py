"""The oldest versions of AWS's SDKs that support EKS Pod Identity and IMDSv2, and the versions that a text names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.lazy_pattern import regex

POD_IDENTITY = (
    "Java 2.21.30 (version 1: 1.12.746), Go v1.47.11 (version 2: release 2023-11-14), boto3 1.34.41, JavaScript "
    "3.458.0, Ruby 3.188.0, Rust release 2024-03-13, C++ 1.11.263, .NET 3.7.734.0, PHP 3.287.1"
)
"""Amazon EKS User Guide, "Use pod identity with the AWS SDK"
(https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html)."""
METADATA_TOKENS = (
    "AWS CLI 1.16.289, boto3 1.12.6, Java 2.10.21 (version 1: 1.11.678), Go 1.25.38, JavaScript 2.722.0, Ruby 3.79.0, "
    "PHP 3.147.7, C++ 1.7.229, .NET 3.3.634.1, Tools for PowerShell 4.0.1.0"
)
"""Amazon EC2 User Guide, "Use a supported AWS SDK"
(https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/use-a-supported-sdk-version-for-imdsv2.html)."""

_VERSION = r"[\"'`]?[\s(:=@\"'`~^>v/]{1,6}(?P<version>\d+\.\d+\.\d+)"


@dataclass(frozen=True, slots=True)
class SdkVersion:
    """An SDK by the name of its package, and its oldest versions for EKS Pod Identity and for IMDSv2."""

    name: re.Pattern[str]
    pod_identity: str
    metadata_tokens: str


SDKS = (
    SdkVersion(regex(r"(?<![\w.-])(?P<sdk>aws-sdk-core)" + _VERSION), "3.188.0", "3.79.0"),
    SdkVersion(regex(r"(?<![\w.-])(?P<sdk>boto3)" + _VERSION, re.IGNORECASE), "1.34.41", "1.12.6"),
    SdkVersion(regex(r"(?<![\w.-])(?P<sdk>botocore)" + _VERSION, re.IGNORECASE), "1.34.41", "1.13.25"),
    SdkVersion(regex(r"(?<![\w.-])(?P<sdk>aws-sdk-java)[\s:/(]{1,3}(?P<version>2\.\d+\.\d+)"), "2.21.30", "2.10.21"),
    SdkVersion(regex(r"(?P<sdk>software\.amazon\.awssdk:[\w-]+)" + _VERSION), "2.21.30", "2.10.21"),
    SdkVersion(regex(r"(?<![\w.-])(?P<sdk>aws-java-sdk[\w-]*)" + _VERSION), "1.12.746", "1.11.678"),
    SdkVersion(regex(r"(?P<sdk>github\.com/aws/aws-sdk-go)(?!-)" + _VERSION), "1.47.11", "1.25.38"),
    SdkVersion(regex(r"(?P<sdk>@aws-sdk/[\w-]+)" + _VERSION), "3.458.0", ""),
    SdkVersion(regex(r"(?P<sdk>aws/aws-sdk-php)" + _VERSION), "3.287.1", "3.147.7"),
)
"""The packages that have the numbers of their SDK's releases, with the versions of the two pages above."""
_RELEASES_OF_NET = "3.3.634.1"
_CORE_OF_NET = regex(r"(?P<sdk>AWSSDK\.Core)" + _VERSION.replace(r"\.\d+)", r"\.\d+(?:\.\d+)?)"))
"""AWSSDK.Core has numbers of its own: only its second number can be compared with that of a release."""


def too_old_for_pod_identity(text: str) -> str:
    """Return the SDK of the text that is too old for EKS Pod Identity, and the version that it needs; else ""."""
    return _too_old(text, tokens=False)


def too_old_for_metadata_tokens(text: str) -> str:
    """Return the SDK of the text that is too old for IMDSv2, and the version that it needs; else ""."""
    net = _CORE_OF_NET.search(text)
    if net is not None and _numbers(net["version"])[:2] <= _numbers(_RELEASES_OF_NET)[:2]:
        return f"{net['sdk']} {net['version']} (needed: AWS SDK for .NET, release {_RELEASES_OF_NET} or later)"
    return _too_old(text, tokens=True)


def _too_old(text: str, *, tokens: bool) -> str:
    for row in SDKS:
        oldest = row.metadata_tokens if tokens else row.pod_identity
        for found in row.name.finditer(text):
            if oldest and _numbers(found["version"]) < _numbers(oldest):
                return f"{found['sdk']} {found['version']} (needed: {oldest})"
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(each) for each in version.split("."))
