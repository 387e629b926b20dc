"""Messages of AWS Directory Service."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_API = "https://docs.aws.amazon.com"
DIRECTORY_SERVICE: tuple[ServiceSentence, ...] = (
    no_permission(
        "data_disabled",
        r"\bDATA_DISABLED\b",
        "Access to the directory's data is turned off: turn it on with aws ds enable-directory-data-access "
        "--directory-id ID. The reason DATA_DISABLED is not about the caller's policies.",
        "Other reasons of this error are IAM_AUTH (a policy of the caller) and DIRECTORY_AUTH (the directory).",
        f"{_API}/directoryservicedata/latest/DirectoryServiceDataAPIReference/API_ListUsers.html",
        "aws ds describe-directory-data-access --directory-id ID",
    ),
)
