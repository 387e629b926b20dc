"""A client that writes to S3 by itself, although its server was meant to do so."""

from __future__ import annotations

from dataclasses import dataclass, replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.lazy_pattern import regex

_ROOT = regex(
    r"(?:--default-artifact-root|\bMLFLOW_DEFAULT_ARTIFACT_ROOT|\bdefaultArtifactRoot)\b[=:\s\"']{1,4}(?P<root>s3://[^\s\"']+)"
)
_PROXY = regex(
    r"--serve-artifacts\b|--artifacts-destination\b|\bprox(?:y|ies|ied)\b"
    r"|MLFLOW_(?:SERVE_ARTIFACTS|ARTIFACTS_DESTINATION)",
    2,
)
_DESTINATION = regex(r"--artifacts-destination\b|\bMLFLOW_ARTIFACTS_DESTINATION\b")
_CLIENT = regex(r"\bset_tracking_uri\b|\bMLFLOW_TRACKING_URI\b|\blog_(?:artifacts?|model)\b|\bS3UploadFailedError\b")


@dataclass(frozen=True, slots=True)
class ClientUpload:
    """An upload by MLflow's client itself: the server's option, the location in S3, and what to do."""

    option: str
    root: str
    sentence: str
    title: str
    change: str


def upload_by_the_client(text: str) -> ClientUpload | None:
    """Return the upload that MLflow's client makes by itself, because the server's settings name S3; else None.

    MLflow, "Artifact Stores": a client uploads to its experiment's location; only one that begins with
    mlflow-artifacts: goes through the server (https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/).
    """
    if "mlflow" not in text.lower():
        return None
    root = _ROOT.search(text)
    if root is None or not (_PROXY.search(text) and _CLIENT.search(text)):
        return None
    proxied = _DESTINATION.search(text)
    change = f"Remove {root[0]}" if proxied else f"Replace {root[0]} with --artifacts-destination {root['root']}"
    return ClientUpload(
        root[0].split("s3:")[0].strip(" =:"),
        root["root"],
        f"MLflow's client uploads by itself, with its own machine's credentials, because the server gives "
        f"{root['root']} as the experiments' location. The server's role does not count for that.",
        "Let the server write the artifacts",
        f"{change} (with --serve-artifacts), and create a new experiment: existing ones keep their S3 location, and "
        "their clients go on writing to S3.",
    )


def by_the_client(denial: Denial) -> Decision | None:
    """Return the decision that MLflow's client uploads by itself, if S3 denies it an action; else None."""
    upload = upload_by_the_client(denial.pasted or denial.text)
    if upload is None or not (denial.action or "").startswith("s3:"):
        return None
    decision = decide(
        "identity.no-action",
        f"the server's option {upload.option} makes S3 the location of its experiments",
        upload.sentence,
        upload.title,
        Who.CALLER,
        "the start of the MLflow server",
        f"{upload.change} Or allow the clients s3:PutObject, s3:GetObject and s3:ListBucket there.",
    )
    return replace(decision, nearer=True)
