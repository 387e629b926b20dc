"""Services' rules for resource names, because a policy with a name that no resource can have matches nothing.

``*`` and ``?`` represent any part of a name. Sources: the services' own pages on naming rules, such as Amazon S3's
"General purpose bucket naming rules".
"""

from __future__ import annotations

import re

from iam.arn import Arn

# By service and the part of its ARNs before the name: the allowed characters, the maximum length, and a description.
_NAMES: dict[tuple[str, str], tuple[str, int, str]] = {
    ("dynamodb", "table/"): (r"[A-Za-z0-9_./*-]", 600, "letters, digits, _ . and -"),
    ("sqs", ""): (r"[A-Za-z0-9_.-]", 80, "letters, digits, _ and -"),
    ("sns", ""): (r"[A-Za-z0-9_.-]", 256, "letters, digits, _ and -"),
    ("kinesis", "stream/"): (r"[A-Za-z0-9_.-]", 128, "letters, digits, _ . and -"),
    ("lambda", "function:"): (r"[A-Za-z0-9_:$-]", 140, "letters, digits, _ and -"),
    ("secretsmanager", "secret:"): (r"[A-Za-z0-9/_+=.@-]", 512, "letters, digits and /_+=.@-"),
    ("ssm", "parameter/"): (r"[A-Za-z0-9/_.-]", 1011, "letters, digits and /_.-"),
    ("logs", "log-group:"): (r"[A-Za-z0-9/_.#:-]", 514, "letters, digits and /_.#-"),
    ("states", "stateMachine:"): (
        r"[^\s<>{}\[\]\"#%\\^|~`$&,;/]",
        80,
        "characters other than spaces and most punctuation",
    ),
    ("events", "event-bus/"): (r"[A-Za-z0-9/_.-]", 256, "letters, digits and /_.-"),
    ("ecr", "repository/"): (r"[a-z0-9/_.-]", 256, "lowercase letters, digits and /_.-"),
    ("kms", "key/"): (r"[A-Za-z0-9-]", 128, "letters, digits and -"),
}


def name_fault(written: str) -> str | None:
    """Return one sentence that says why no resource can have the name in an ARN; None if a resource can have it."""
    arn = Arn.parse(written)
    if arn is None or "${" in written:
        return None
    if arn.service == "s3" and not arn.region and not arn.account:
        return _bucket_fault(arn.resource.partition("/")[0])
    for (service, kind), (allowed, most, words) in _NAMES.items():
        if arn.service != service or not arn.resource.startswith(kind):
            continue
        name = arn.resource.removeprefix(kind)
        if len(name) > most:
            return f"This name has {len(name):,} characters; the limit is {most:,}."
        if not re.fullmatch(rf"(?:{allowed}|[*?])+", name):
            return f"{name[:60]} is not a valid name: use only {words}."
    return None


_RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def _bucket_fault(name: str) -> str | None:
    """Return the fault of a bucket name (Amazon S3 User Guide, "General purpose bucket naming rules"), or None."""
    if not name.strip("*?"):
        return None
    if not re.search(r"[*?]", name) and not 3 <= len(name) <= 63:
        return f"A bucket name has 3 to 63 characters, but {name[:40]} has {len(name)}."
    if len(name) > 63:
        return f"A bucket name has at most 63 characters, but this one has {len(name)}."
    if not re.fullmatch(r"[a-z0-9.*?-]+", name):
        return f"{name[:60]} is not a bucket name: use only lowercase letters, digits, dots and hyphens."
    if name[0] in ".-" or name[-1] in ".-" or ".." in name:
        return f"{name[:60]} is not a bucket name: start and end with a letter or digit, without two dots in a row."
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", name):
        return f"A bucket name cannot be an IP address, such as {name}."
    if any(name.startswith(each) for each in _RESERVED_STARTS) or any(name.endswith(each) for each in _RESERVED_ENDS):
        return f"No bucket can have the name {name[:60]}: S3 reserves this prefix or suffix."
    return None
