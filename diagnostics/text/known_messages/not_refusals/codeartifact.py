"""The row for a package manager's CodeArtifact token."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

CODEARTIFACT: tuple[System, ...] = (
    # CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens": 12 hours at most
    # (https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html).
    made_system(
        "the package manager's CodeArtifact token",
        "Let each run fetch its own token (aws codeartifact login, or get-authorization-token), instead of using a "
        "stored one. If that command ran just before, npm reads a different .npmrc from the one that the command wrote "
        "(sudo, a container, NPM_CONFIG_USERCONFIG) or calls a different registry. npm login does not help, and the "
        "registry refused no IAM action. Fetching a token needs codeartifact:GetAuthorizationToken and "
        "sts:GetServiceBearerToken.",
        r"npm\s+(?:ERR!|error)\s+code\s+E401(?=[\s\S]*\bcodeartifact"
        r"(?:[ :.-]+(?:login|get-?authorization-?token)\b|\.[a-z0-9-]+\.amazonaws\.com\S*:_authToken))",
        "code e401",
        verdict="npm sent CodeArtifact no valid token: the stored token is older than 12 hours, or npm does not read "
        "the file that contains the new one.",
        title="Fetch a new CodeArtifact token",
        sure=False,
    ),
)
