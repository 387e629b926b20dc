"""Messages of AWS CodeArtifact."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_ARTIFACTS = f"{_DOCS}/codeartifact/latest/ug"

CODEARTIFACT: tuple[ServiceSentence, ...] = (
    # CodeArtifact User Guide, "Repository policies": a user of another account needs both policies.
    row(
        ".d.codeartifact.",
        r"(?:\A|\n)(?=(?:[^\n]*\n)?[^\n]*\b403\b)[^\n]*?https?://(?P<domain>[a-z][a-z0-9-]{0,48}[a-z0-9])-(?P<owner>\d{12})"
        r"\.d\.codeartifact\.(?P<region>[\w-]+)\.amazonaws\.com/\w+/(?P<repository>[\w.-]+)",
        "the identity that fetched the token",
        "the identity that fetched the token is not allowed to use the repository {repository}",
        "CodeArtifact refused the request to the repository {repository} of the domain {domain} (account {owner}): "
        "most likely the identity that fetched the token lacks codeartifact:ReadFromRepository on it.",
        UsualCause("In {of}: aws codeartifact put-repository-permissions-policy --domain {domain} --repository "
                   "{repository}, with account {home} or its role as Principal. The role's own policy stays.",
                   "aws codeartifact get-repository-permissions-policy --domain {domain} --domain-owner {owner} "
                   "--repository {repository} --region {region}", Who.RESOURCE_OWNER,
                   shown_by=r"\A(?=[\s\S]*?-(?P<of>\d{12})\.d\.codeartifact\.)"
                   r"(?=[\s\S]*?codeartifact:(?:ReadFromRepository|\*))"
                   r"(?=[\s\S]*?(?<!\d)(?!(?P=of))(?P<home>\d{12}):(?:role|user|assumed-role)/)"
                   r"(?![\s\S]*?\"Principal\"[\s\S]{0,200}?(?P=home))",
                   decides="Let the policy of the repository {repository} in account {of} allow account {home} "
                   "codeartifact:ReadFromRepository: the caller's own Allow is not enough across accounts."),
        UsualCause("Allow the identity that ran aws codeartifact login to perform codeartifact:ReadFromRepository on "
                   "the repository. If that identity does not belong to {owner}, the repository's policy must allow "
                   "its account, too. A login needs only the domain, so a successful login does not show that the "
                   "identity can read the repository.",
                   "aws codeartifact get-repository-permissions-policy --domain {domain} --domain-owner {owner} "
                   "--repository {repository} --region {region}"),
        UsualCause("To publish (PUT), allow codeartifact:PublishPackageVersion on the package, whose ARN begins with "
                   "arn:aws:codeartifact:{region}:{owner}:package/{domain}/{repository}/."),
        UsualCause("Or the token is old (12 hours at most): fetch a new token and try again.", None, Who.CALLER),
        page=f"{_ARTIFACTS}/repo-policies.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
