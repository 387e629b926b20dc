"""Read refusals that an SFTP or FTP client prints, if AWS Transfer Family's server is shown to be what it connects to.

The server calls S3 with the user's role, and a session policy limits the session: AWS Transfer Family User Guide,
"Creating a session policy for an Amazon S3 bucket"
(https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.failure import Denial
from iam.lazy_pattern import regex

_OF_TRANSFER = regex(
    r"\bTransfer Family\b|\bAWS Transfer\b|\$\{transfer:|\.server\.transfer\.|\btransfer:Home|\bin Transfer\b"
    r"|\baws transfer\b"
)
# On a file system the server asks for POSIX permissions, and there is no session policy.
_OF_FILES = regex(r"\bEFS\b|\bPOSIX\b|\bElastic File System\b")
_REFUSED = regex(
    r"^(?P<line>[^\n]*?(?:remote \w+\(\"?|[Cc]ouldn't [\w ]{3,30}:? ?\"?|[Cc]annot [\w ]{3,30}:? ?\"?)"
    r"(?P<path>/[^\s\"':]{0,300})?[^\n]{0,80}?Permission denied)",
    re.MULTILINE,
)
_COMMAND = regex(r"\b(?P<name>put|mput|get|mget|ls|dir|rm|mkdir|rmdir|rename)\b", re.IGNORECASE)
# What each command of a client needs of S3: "Configure your AWS storage", and the policies on the page above.
_NEEDS = {
    **dict.fromkeys(("put", "mput", "mkdir", "rename"), "s3:PutObject"),
    **dict.fromkeys(("get", "mget"), "s3:GetObject"),
    **dict.fromkeys(("ls", "dir"), "s3:ListBucket"),
    **dict.fromkeys(("rm", "rmdir"), "s3:DeleteObject"),
}

# What OpenSSH's client says that it could not do
# (https://github.com/openssh/openssh-portable/blob/master/sftp-client.c).
_SAID = (
    (
        regex(r"read(?:ing)? directory|readdir|opendir|canonicali[sz]e|stat remote", re.IGNORECASE),
        "s3:ListBucket",
    ),
    (regex(r"create directory|mkdir|rename|write to remote", re.IGNORECASE), "s3:PutObject"),
    (regex(r"delete (?:file|directory)|remove", re.IGNORECASE), "s3:DeleteObject"),
)

# The commands of the protocol (RFC 959 and RFC 3659), and the reply of a server that did not carry one out.
_FTP = regex(
    r"\b(?P<name>STOR|APPE|MKD|RNTO|RETR|LIST|NLST|MLSD|DELE|RMD)(?:[ \t]+(?P<path>[^\s\"']{1,300}))?[^\n]*"
    r"(?:\n(?![^\n]*\b[A-Z]{3,4} /)[^\n]*){0,3}?\n[^\n]*?\b55[03][ -][^\n]*\b(?:[Pp]ermission|[Aa]ccess) denied"
)
_FTP_NEEDS = {
    **dict.fromkeys(("STOR", "APPE", "MKD", "RNTO"), "s3:PutObject"),
    "RETR": "s3:GetObject",
    **dict.fromkeys(("LIST", "NLST", "MLSD"), "s3:ListBucket"),
    **dict.fromkeys(("DELE", "RMD"), "s3:DeleteObject"),
}


def _ftp_denials(text: str) -> Iterator[Denial]:
    return (Denial(text=text, action=_FTP_NEEDS[found["name"]]) for found in _FTP.finditer(text))


def refused_paths(text: str) -> tuple[str, ...]:
    """Return the paths that the server refused, each once."""
    return tuple(dict.fromkeys(found["path"] for found in _REFUSED.finditer(text) if found["path"]))


def sftp_denials(text: str) -> Iterator[Denial]:
    """Yield the refusals of S3 behind what an SFTP client of AWS Transfer Family prints, in order."""
    if not _OF_TRANSFER.search(text) or _OF_FILES.search(text):
        return
    yield from _ftp_denials(text)
    for found in _REFUSED.finditer(text):
        commands = [
            each["name"].lower()
            for line in text[: found.start()].split("\n")
            if (begin := line.find("sftp>")) >= 0 and (each := _COMMAND.search(line, begin)) is not None
        ]
        said = next((needs for words, needs in _SAID if words.search(found["line"])), None)
        action = _NEEDS.get(commands[-1]) if commands else said
        path = (found["path"] or "").strip("/")
        bucket, _, key = path.partition("/")
        objects = action is not None and action != "s3:ListBucket"
        resource: str | None = f"arn:aws:s3:::{bucket}/{key}" if objects and key else f"arn:aws:s3:::{bucket}"
        if not bucket or (objects and not key):
            resource = None  # a file next to the buckets
        if action is not None:
            yield Denial(text=text, action=action, resource=resource)
