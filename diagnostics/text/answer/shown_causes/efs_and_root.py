"""Name why root cannot write to an EFS file system."""

from __future__ import annotations

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from iam.lazy_pattern import regex

_AS_ROOT = regex(r"\bsudo (?:touch|mkdir|chown|chmod|cp|mv|tee|rm)\b|\broot@|\bas root\b|\buid=0\b")
_OF_EFS = regex(r"\bmount -t efs\b|elasticfilesystem:Client\w+|\bfs-[0-9a-f]{8,17}\b")
_NOT_WRITTEN = regex(
    r"\b(?:touch|mkdir|chown|chmod|cp|mv|tee|rm|install): [^\n]{0,200}(?:[Pp]ermission denied|not permitted)"
)
_ROOT_ALLOWED = regex(
    r"ClientRootAccess|elasticfilesystem:(?:Client)?\*|AmazonElasticFileSystemClientFullAccess|\bfsap-|accesspoint"
)


def squashed_root(text: str) -> ShownCause | None:
    """Return the cause if root cannot write to an EFS file system and no policy in the text allows root access.

    Amazon EFS User Guide, "Using IAM to control file system data access": ClientRootAccess
    (https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
    """
    if not (_NOT_WRITTEN.search(text) and _AS_ROOT.search(text) and _OF_EFS.search(text)) or _ROOT_ALLOWED.search(text):
        return None
    return ShownCause(
        "Most likely EFS treats root as an ordinary user. With a file system policy or the mount option iam, root "
        "needs elasticfilesystem:ClientRootAccess, which the text does not allow.",
        "Allow ClientRootAccess, or let the folder's owner write",
        "Add elasticfilesystem:ClientRootAccess beside ClientMount and ClientWrite (file system policy or the "
        "client's own policies). Or create the folder and its owner with an access point, and mount the access "
        "point. For other users, the owner and mode of the folder decide; a new file system belongs to root.",
    )
