"""Answer a what-if question given in one line: the effects of adding or removing a policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from diagnostics.differences.recorded import Recorded, recorded_lines
from diagnostics.differences.what_if import WhatIf, WhatIfError, put, remove
from diagnostics.differences.whole import AccessDifference
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account
from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.policy.layer import Layer

FORM = "FILE at ROLE, ARN or ou-…; or: remove NAME at ROLE; then: with TRAIL"
_FORM = regex(r"(?P<remove>remove\b)?\s*(?P<policy>.*?)\s*\bat\s+(?P<at>\S+)(?:\s+with\s+(?P<trail>.+))?", re.S)


@dataclass(frozen=True, slots=True)
class WhatIfQuestion:
    """A what-if question. ``policy`` is a policy file or, with ``remove``, the name or ARN of the policy to remove.

    ``at`` is the target, as for `put` and `remove`; ``trail`` is a file or folder of a trail whose calls are evaluated
    again.
    """

    policy: str
    at: str
    remove: bool = False
    trail: Path | None = None

    def changed(self, account: Account) -> WhatIf:
        """Return the account with the change made. Reads the file. Raises `WhatIfError`."""
        if self.remove:
            return remove(account, self.at, self.policy)
        return put(account, read_policy(Path(self.policy)), self.at)


def read_question(text: str, account: Account) -> WhatIfQuestion:
    """Parse ``FILE at WHERE [with TRAIL]`` or ``remove [NAME] at WHERE [with TRAIL]``; a role may be given by name.

    Raises `WhatIfError`.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or not (found["policy"] or found["remove"]):
        raise WhatIfError(f"This is not a valid question: {FORM}.")
    role = account.role(found["at"])
    trail = Path(found["trail"].strip()).expanduser() if found["trail"] else None
    policy = found["policy"] if found["remove"] else str(Path(found["policy"]).expanduser())
    return WhatIfQuestion(policy, role.arn if role is not None else found["at"], bool(found["remove"]), trail)


def read_policy(path: Path) -> Document:
    """Read a policy from a file. Raises `WhatIfError`."""
    try:
        return Document.from_value(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise WhatIfError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error


def not_compared(before: ReviewedAccount) -> list[str]:
    """Return sentences about what could not be read or is left out: guardrails, and the policies of other accounts."""
    alone = ["This screen does not compare access to resources of the organization's other accounts."]
    guardrails = [*before.unread_above(Layer.SCP), *before.unread_above(Layer.RCP)]
    return guardrails + (alone if before.reader.neighbours is not None else [])


def answer_lines(
    changed: WhatIf, access: AccessDifference, recorded: Recorded | None, before: ReviewedAccount
) -> Iterator[str]:
    """Return the answer as text lines."""
    yield changed.sentence
    yield from access.lines()
    yield from recorded_lines(recorded) if recorded is not None else ()
    yield from (f"? {each}" for each in not_compared(before))
