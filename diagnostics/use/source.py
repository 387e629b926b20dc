"""Where a profile of the AWS configuration takes the caller's credentials from."""

from __future__ import annotations

from dataclasses import dataclass

from iam.sources.reader import CallerIdentity

_PROVIDERS = {"env": "Environment", "iam-role": "Ec2InstanceMetadata", "container-role": "EcsContainer"}
"""``credential_source`` by botocore's names (AWS SDKs and Tools Reference Guide, "Assume role credential provider").
EKS Pod Identity is a container's too."""


@dataclass(frozen=True, slots=True)
class CredentialSource:
    """``profile`` gives them, else ``provider``, a ``credential_source``.

    Neither: no setting says it, as for a token's file that the environment names, and a profile has rolescope make the
    session, which finds what it finds now.
    """

    profile: str = ""
    provider: str = ""

    @property
    def setting(self) -> str:
        """The line of the profile; "" where there is none."""
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
"""Where credentials come from, by botocore's names."""


def credentials_words(identity: CallerIdentity) -> str:
    """How somebody's credentials are had, and by which profile; "" where that is not known."""
    if identity.method is None:
        return ""
    how = _WORDS.get(identity.method, identity.method)
    if identity.source_profile:
        return f"{how}, of profile {identity.source_profile}"
    return f"{how}; none were taken from profile {identity.profile}" if identity.profile else how


DEFAULT = CredentialSource("default")
"""Where nobody is known who calls."""


def source_of(identity: CallerIdentity) -> CredentialSource:
    """Of who reads the account. The demo's own keys are in no configuration: its profiles are examples."""
    if identity.method in (None, "explicit"):
        return DEFAULT
    return CredentialSource(identity.source_profile or "", _PROVIDERS.get(identity.method or "", ""))
