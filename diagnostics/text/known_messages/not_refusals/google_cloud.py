"""Rows for Google Cloud."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_GOOGLES = r"(?:Google\s+Cloud|googleapis\.com|iam\.serviceAccounts\.\w+|gserviceaccount\.com|projects/[\w-]+)"
_REFUSED_BY_GOOGLE = r"(?:PERMISSION_DENIED|\b40[139]\b|[Ff]orbidden|does\s+not\s+have|denied|\balreadyExists\b)"
_LACKS_IN_GOOGLE = (
    r"[\w.-]+@[\w.-]+\s+does\s+not\s+have\s+[\w.]+\s+(?:access|permission)\s+(?:to|on)\s+the\s+Google\s+Cloud"
)

GOOGLE_CLOUD: tuple[System, ...] = (
    # Cloud Storage documentation, "IAM permissions for Cloud Storage"
    # (https://cloud.google.com/storage/docs/access-control/iam-permissions).
    made_system(
        "Google Cloud's IAM",
        "Grant that permission to that account in Google Cloud, on that resource (gcloud storage buckets "
        "add-iam-policy-binding, or the project's bindings), or check the resource's name. No AWS policy decides this.",
        _LACKS_IN_GOOGLE,
        "access to the google cloud",
        "permission to the google cloud",
        "permission on the google cloud",
        "access on the google cloud",
        subject=rf"({_LACKS_IN_GOOGLE}[\w ]{{0,30}})",
        verdict="Google Cloud refused the request, not AWS: {name}.",
        title="Grant the permission in Google Cloud",
    ),
    made_system(
        "Google Cloud",
        "Check the IAM bindings of the Google Cloud project (gcloud projects get-iam-policy), not AWS.",
        r"Permission\s+'[\w.]+'\s+denied\s+on\s+resource|\bgoogleapi:\s+Error\s+4\d\d|GOOGLE_APPLICATION_CREDENTIALS"
        r"|\bgoogle\.(?:auth|api_core)\.exceptions|cloud\.google\.com/docs/authentication"
        rf"|{_GOOGLES}[^\n]{{0,300}}{_REFUSED_BY_GOOGLE}|{_REFUSED_BY_GOOGLE}[^\n]{{0,300}}{_GOOGLES}",
        "denied on resource",
        "googleapi: error",
        "google_application_credentials",
        "google.auth.exceptions",
        "google.api_core.exceptions",
        "cloud.google.com/docs/authentication",
        "permission_denied",
        "google cloud",
        "googleapis.com",
        "iam.serviceaccounts.",
        "gserviceaccount.com",
        "projects/",
        unless=r"\(Service:|amazonaws\.com|\bAWS\s+IAM\s+role\b|\bs3://",
    ),
)
