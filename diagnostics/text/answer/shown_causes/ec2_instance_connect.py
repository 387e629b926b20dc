"""Name the user of the instance for whom EC2 Instance Connect received no SSH key."""

from __future__ import annotations

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from iam.lazy_pattern import regex

_PUSHED = regex(r"\bsend-ssh-public-key\b[^\n]*--instance-os-user[ =][\"']?(?P<user>[\w.-]+)")
_LOGS_IN = regex(r"(?<![\w.@-])(?P<user>[a-z_][\w.-]*)@[\w.:-]+: Permission denied")


def another_user(text: str) -> ShownCause | None:
    """Return the cause if an SSH key was pushed for a user of the instance who is not the one that signs in.

    Amazon EC2 User Guide, "Connect using EC2 Instance Connect": the key is for one user and for 60 seconds
    (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-connect-methods.html).
    """
    pushed = {found["user"] for found in _PUSHED.finditer(text)}
    signs_in = {found["user"] for found in _LOGS_IN.finditer(text)}
    if len(pushed) != 1 or len(signs_in) != 1 or pushed == signs_in:
        return None
    (own,), (other,) = pushed, signs_in
    return ShownCause(
        f"The key was sent for the user {own} of the instance, but ssh signs in as {other}: send the key for "
        f"{other} (--instance-os-user {other}), and connect within 60 seconds. IAM allowed the call.",
        f"Send the key for {other}, or sign in as {own}",
        "The key that send-ssh-public-key sends is valid for one user of the instance and for 60 seconds. EC2 Instance "
        "Connect must be installed on the instance.",
    )
