"""The row of a table of reasons why credentials are rejected, and the words that several rows share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from diagnostics.failure import OtherFailure
from diagnostics.who import Who
from iam.claims import Ground
from iam.lazy_pattern import regex

INVALID = "credentials.invalid"
FORGET = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
WHO = "aws sts get-caller-identity"
CONFIGURED = "aws configure list"


@dataclass(frozen=True, slots=True)
class CredentialFault:
    """A reason why credentials are rejected: one row of the table.

    ``words`` match the failure's text; ``speaker`` matches the program that must have printed it, or is None for any
    program. ``sentence`` is the verdict. ``title``, ``command`` and ``who`` make the fix. ``usual`` is the most
    frequent cause, ``also`` are other possible causes, ``check`` is a command that only reads. ``{name}`` in a text
    represents a value that `values_of` reads from the failure; ``needs`` names the value without which the row does not
    apply.
    """

    words: re.Pattern[str]
    sentence: str
    title: str
    command: str
    usual: str = ""
    also: tuple[str, ...] = ()
    check: str | None = CONFIGURED
    who: Who = Who.CALLER
    speaker: re.Pattern[str] | None = None
    cause: str = INVALID
    ground: Ground = Ground.STATED
    needs: str = ""

    def fits(self, failure: OtherFailure, values: Mapping[str, str]) -> bool:
        """Return whether the row fits the failure.

        It fits if the text has the row's words, printed by the row's program, and ``values`` has what the row needs.
        """
        text = f"{failure.code or ''} {failure.operation or ''} {failure.text}"
        return (
            self.words.search(text) is not None
            and (self.speaker is None or self.speaker.search(text) is not None)
            and (not self.needs or self.needs in values)
        )


def fault(words: str, sentence: str, title: str, command: str, usual: str = "", **more: object) -> CredentialFault:
    said = more.pop("speaker", None)
    speaker = regex(str(said), re.IGNORECASE) if said else None
    return CredentialFault(regex(words, re.IGNORECASE), sentence, title, command, usual, speaker=speaker, **more)  # type: ignore[arg-type]


UNKNOWN_KEY = (
    r"InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|InvalidToken|InvalidSecurityToken"
    r"|security token included in the request is invalid|not able to validate the provided access credentials"
    r"|cannot validate the provided access credentials|Access Key Id you provided (?:does not exist|is not valid)"
    r"|provided token is malformed or otherwise invalid"
)
WRONG_SIGNATURE = r"SignatureDoesNotMatch|InvalidSignature|signature we calculated"
SCOPED = r"Credential should be scoped to"
NO_CREDENTIALS = (
    r"Unable to (?:locate|load|find|resolve|retrieve)|NoCredential|MissingCredentials|CredentialsProviderError"
    r"|No (?:\w+ )?credential|Could not load|credentials? not found"
    r"|(?:load|find|resolve|retrieve|refresh|get) [\w ]{0,30}credentials|no credentials have been configured"
    r"|Missing credentials in config|static credentials are empty|AWS account ID not previously found"
    r"|retrieving credentials from the instance profile|no providers in chain"
    r"|haven't specified the aws|MetadataRetrievalError|ec2imds|\[signv4\] Provider returned no credentials"
)
