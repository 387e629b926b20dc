"""Rows for expired or missing tokens of CodeArtifact."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from iam.claims import Ground

CODEARTIFACT_TOKENS: tuple[CredentialFault, ...] = (
    # CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens": 12 hours at most, whatever the session
    # (https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html).
    fault(
        r"expired|\bE?401\b|Unauthorized",
        "The CodeArtifact token has expired: it lasts 12 hours at most, and the text shows {token_age} between the "
        "step that fetched it and the one that uses it. Later errors about missing packages only follow from that.",
        "Fetch the token in the step that uses it",
        "{codeartifact_command}",
        "Fetch the token after any waiting or approval step, right before the package manager runs. A token lasts at "
        "most 12 hours. No permission is missing.",
        check=None,
        speaker=r"codeartifact",
        needs="token_age",
    ),
    fault(
        r"expired|\bE?401\b|Unauthorized",
        "The package manager sent no valid token to CodeArtifact: none is set where it runs, or it is older than 12 "
        "hours. The package manager stores this token separately from the AWS credentials. A 401 is about the token, "
        "not about permissions.",
        "Give the package manager a new token where it runs",
        "{codeartifact_command}",
        "A token lasts 12 hours at most (less if --duration-seconds says so). If the token is new, the package manager "
        "does not read it, because it runs as another user (sudo), in a container or as a daemon without the variable, "
        "or uses another repository's address.",
        speaker=r"codeartifact",
        ground=Ground.PARTLY,
    ),
)
