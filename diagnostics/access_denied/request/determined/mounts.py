"""Condition keys of an NFS client's request to Amazon EFS, from the mount command in the text."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.failure import Denial
from iam.claims import Source, Sourced, Values
from iam.lazy_pattern import regex

_COMMAND = regex(
    r"(?:\bmount\b[^\S\n]|\bMounting arguments:)[^\n]{0,60}-t[ \t]+(?:efs|nfs4?)\b[^\n]*|\bmount\.efs[^\S\n][^\n]*"
)
_TLS = regex(r"(?:-o[ \t]*|,)(?:\w[^\s,]*,)*tls\b")


def of_a_mount(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield what the mount of a file system tells about the request: NFS clients use a mount target.

    Amazon EFS User Guide, "Using IAM to control access to file systems", EFS condition keys for clients
    (https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
    """
    if not action.lower().startswith("elasticfilesystem:client"):
        return
    commands = _COMMAND.findall(denial.pasted or denial.text)
    if not commands:
        return
    yield (
        "elasticfilesystem:AccessedViaMountTarget",
        Sourced(("true",), Source.GUESS, "the mount goes through a mount target of the file system"),
    )
    with_tls = {_TLS.search(each) is not None for each in commands}
    if len(with_tls) == 1:
        value, said = ("true", "the mount has the option tls") if with_tls.pop() else ("false", "the mount has no tls")
        yield "aws:SecureTransport", Sourced((value,), Source.COMMAND, said)
