"""Read what a text shows about a CodeArtifact token: the package manager, the repository, and the token's age.

AWS CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens": a token lasts 12 hours unless the call asks
for less, and it is independent of the session that fetched it unless --duration-seconds is 0
(https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html).
"""

from __future__ import annotations

from datetime import timedelta

from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_HOST = regex(
    r"\b(?P<domain>[a-z][a-z0-9-]{0,48}[a-z0-9])-(?P<owner>\d{12})\.d\.codeartifact\."
    rf"(?P<region>{REGION_NAME})"
    r"\.amazonaws\.com(?:/[a-z]+/(?P<repository>[\w.-]+))?"
)
# The package managers that aws codeartifact login configures, by words that only they print or that name them.
_TOOLS = (
    ("twine", regex(r"\btwine\b")),
    ("pip", regex(r"\bpip3?\b|\buv pip\b")),
    ("npm", regex(r"\bnpm\b|\byarn\b|\bpnpm\b")),
    ("dotnet", regex(r"\bdotnet\b")),
    ("nuget", regex(r"\bnuget\b|\bNU1301\b")),
    ("swift", regex(r"\bswift\b")),
)
_BY_TOKEN = regex(r"\b(?:mvn|[Mm]aven|[Gg]radle\w*|\.pom\b|sbt|uv|poetry|cargo|CODEARTIFACT_AUTH_TOKEN)\b")
_FETCHED = regex(
    r"\b(?:started?|begins?|began|begun|first step|fetched|taken|login|logged in|created)\b[^\n\d]{0,40}"
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)\b"
)
_USED = regex(
    r"\b(?:this step|now|fail(?:s|ed)?|error|used|step|until|approved|resumed)\b[^\n\d]{0,40}"
    r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)\b"
)
_LIFETIME, _DAY = timedelta(hours=12), timedelta(days=1)


def codeartifact_values(text: str) -> dict[str, str]:
    """Return the values for the rows about CodeArtifact; empty if the text does not name it."""
    if "codeartifact" not in text:
        return {}
    host = _HOST.search(text)
    domain = f"--domain {host['domain']} --domain-owner {host['owner']}" if host else "--domain DOMAIN"
    region = f" --region {host['region']}" if host else ""
    repository = (host["repository"] if host else None) or "REPOSITORY"
    tool = next((name for name, words in _TOOLS if words.search(text)), None)
    if tool is None and not _BY_TOKEN.search(text):
        command = (
            f"aws codeartifact login --tool TOOL --repository {repository} {domain}{region}"
            "  # npm, pip, twine, nuget, dotnet or swift; others need get-authorization-token"
        )
    elif tool is None or (_BY_TOKEN.search(text) and tool not in ("npm", "twine", "dotnet", "nuget")):
        command = (
            f"export CODEARTIFACT_AUTH_TOKEN=$(aws codeartifact get-authorization-token {domain}{region} "
            "--query authorizationToken --output text)  # in the step that uses it"
        )
    else:
        command = (
            f"aws codeartifact login --tool {tool} --repository {repository} {domain}{region}"
            "  # in the step that uses it"
        )
    values = {"codeartifact_command": command}
    fetched, used = _FETCHED.search(text), _USED.search(text)
    if fetched is not None and used is not None:
        age = (_clock(used["hour"], used["minute"]) - _clock(fetched["hour"], fetched["minute"])) % _DAY
        if age >= _LIFETIME:
            values["token_age"] = (
                f"{age // timedelta(hours=1)} h {age % timedelta(hours=1) // timedelta(minutes=1)} min"
            )
    return values


def _clock(hour: str, minute: str) -> timedelta:
    return timedelta(hours=int(hour), minutes=int(minute))
