"""The source of the caller's credentials, as a setting for a profile in the AWS configuration."""

from __future__ import annotations

from dataclasses import dataclass

from iam.sources.reader.caller_identity import CallerIdentity

_PROVIDERS = {"env": "Environment", "iam-role": "Ec2InstanceMetadata", "container-role": "EcsContainer"}
"""botocore's names → values of ``credential_source`` (AWS SDKs and Tools Reference Guide, "Assume role credential
provider"). EKS Pod Identity is a container's source too.
"""


@dataclass(frozen=True, slots=True)
class CredentialSource:
    """The credentials come from ``profile``, or else from ``provider``, a value of ``credential_source``.

    If both are empty, no setting describes the source (such as a token file named by the environment); a profile then
    runs rolescope to create the session from the current credentials.
    """

    profile: str = ""
    provider: str = ""

    @property
    def setting(self) -> str:
        """The line for the profile; "" if no setting describes the source."""
        if self.profile:
            return f"source_profile = {self.profile}"
        return f"credential_source = {self.provider}" if self.provider else ""


_WORDS = {
    "env": "environment variables",
    "shared-credentials-file": "keys",
    "config-file": "keys",
    "sso": "an SSO sign-in",
    "login": "aws login",
    "assume-role": "an assumed role",
    "assume-role-with-web-identity": "a web identity token's file",
    "custom-process": "a program",
    "iam-role": "the instance's role",
    "container-role": "the container's role",
    "explicit": "keys of the demo",
}
"""Descriptions of credential sources, by botocore's names."""


def credentials_words(identity: CallerIdentity) -> str:
    """Return how the caller gets its credentials, and from which profile; "" if unknown."""
    if identity.method is None:
        return ""
    how = _WORDS.get(identity.method, identity.method)
    if identity.source_profile:
        return f"{how}, of profile {identity.source_profile}"
    return f"{how}; none were taken from profile {identity.profile}" if identity.profile else how


DEFAULT = CredentialSource("default")
"""The source if the caller is unknown."""


def source_of(identity: CallerIdentity) -> CredentialSource:
    """Return the source of the caller's credentials.

    The demo's own keys are in no configuration, so its profiles are examples.
    """
    if identity.method in (None, "explicit"):
        return DEFAULT
    return CredentialSource(identity.source_profile or "", _PROVIDERS.get(identity.method or "", ""))
