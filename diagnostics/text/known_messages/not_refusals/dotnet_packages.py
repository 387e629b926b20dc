"""The row for a package of the AWS SDK for .NET that a program lacks."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.profiles import NOT_CALLED
from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

DOTNET_PACKAGES: tuple[System, ...] = (
    # AWS SDK for .NET: what its message asks for (https://github.com/aws/aws-sdk-net).
    made_system(
        "the package that the program lacks",
        "Add the NuGet package {name} to the startup project, and publish it with the program (trimming or single-file "
        f"publishing may remove it). IAM Identity Center needs AWSSDK.SSO and AWSSDK.SSOOIDC. {NOT_CALLED}",
        r"Assembly\s+AWSSDK\.\w+\s+could\s+not\s+be\s+found\s+or\s+loaded",
        "could not be found or loaded",
        subject=r"Assembly\s+(AWSSDK\.\w+)",
        verdict="The SDK for .NET cannot use this kind of profile, because the program lacks {name}.",
        title="Add the SDK's package",
    ),
)
