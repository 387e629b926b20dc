"""Programs whose denials are common: how to recognize each, whose permissions it uses, and where to find its policy.

A row says only what its pages say. ``pages`` are the program's own or AWS's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from diagnostics.claims.kinds import Quotes, Sentence
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.programs.cluster_programs import IN_CLUSTERS
from diagnostics.text.programs.other_programs import ELSEWHERE
from diagnostics.text.programs.program_row import Program
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.messages.additions_to_message import differences
from diagnostics.who import Who
from iam.lazy_pattern import regex

PROGRAMS: tuple[Program, ...] = (*IN_CLUSTERS, *ELSEWHERE)
# Names that people give: to resources, to Terraform's modules and resources, to files, buckets and images.
_NAMES = regex(
    r"arn:[\w-]*:(?!sts:)\S+|\bs3a?://\S+|\b(?:module|data|var|local)\.\S+|\baws_\w+\.\S+|\S+\.(?:tf|tfvars|ya?ml|json|ts|py)\b"
)
_CALLER = regex(r"(?:arn:[\w-]*:sts::\S*|\bassumed-role/\S*)")
# Signs that a tool that declares resources made the call: a program of that name is what the tool sets up.
_DECLARES = regex(r"\bwith (?:module\.|aws_)|\bon \S+\.tf line\b|Resource handler returned message|\bCREATE_FAILED\b")


# Words before a name that say that this program did not make the call.
_NOT_IT = regex(
    r"(?:\b(?:not|no|without|instead of|rather than|unlike)|n['’]t(?: use| run)?) (?:the |an? )?$", re.IGNORECASE
)


def program_in(text: str, action: str) -> tuple[Program, str] | None:
    """Return the program whose output about this action the text shows, and the words that identify it.

    None if none is known.
    """
    return _shown(text, [program for program in PROGRAMS if program.actions.match(action)])


def program_of_no_action(text: str) -> tuple[Program, str] | None:
    """Return the program that most likely printed a denial without an action, and the words that identify it."""
    return _shown(text, PROGRAMS)


def _shown(text: str, called: Sequence[Program]) -> tuple[Program, str] | None:
    if not called or _DECLARES.search(text):
        return None
    spoken = _NAMES.sub(" ", text)
    possible = [program for program in called if program.foreign is None or not program.foreign.search(text)]
    # A program's output is better evidence than the name of the caller's role, which other programs may use, too.
    for part in (_CALLER.sub(" ", spoken), spoken):
        for program in possible:
            for found in program.marks.finditer(part):
                if not _NOT_IT.search(part, max(0, found.start() - 24), found.start()):
                    return program, " ".join(found[0].split())
    return None


def of_unnamed_caller(signs: Signs) -> Iterator[FirstLook]:
    """Yield the program's common cause if the text does not name the caller; it then precedes the other causes."""
    if not signs.denial.principal:
        yield from of_program(signs)


def of_trap(signs: Signs) -> Iterator[FirstLook]:
    """Yield a program's common cause before the usual causes for its identity, if the action is in its ``trap``."""
    found = program_in(signs.denial.text, signs.action)
    if found is not None and found[0].trap is not None and found[0].trap.match(signs.action):
        yield from of_program(signs)


def of_versioned(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause for a program that publishes its policy: the program likely lacks more than the one action."""
    found = program_in(signs.denial.text, signs.action)
    if found is not None and found[0].versioned:
        yield from of_program(signs)


def of_no_action(signs: Signs) -> Iterator[FirstLook]:
    """Yield a program's common cause if the text names neither an action nor a caller: it is better than none."""
    denial = signs.denial
    if denial.action or denial.operation or denial.principal or denial.claims_trust or denial.stated_reason:
        return
    if (found := program_of_no_action(denial.text)) is None:
        return
    program, mark = found
    yield FirstLook(
        _sentence(program, usual=not _has_it(signs)),
        Sentence(f"the text contains “{mark}”", (Quotes(mark),)),
        WHO_AM_I,
        Who.ACCOUNT_ADMIN,
        found_by=("identity",),
    )


def of_program(signs: Signs) -> Iterator[FirstLook]:
    """Yield whose credentials the program uses, unless the refusal is about an image, whatever the caller may do."""
    found = program_in(signs.denial.text, signs.action)
    if found is None or signs.layer not in ("", "identity") or "Not authorized for images" in signs.denial.text:
        return
    program, mark = found
    if _of_another_program(signs, program):
        return
    yield FirstLook(
        _sentence(program, usual=not _has_it(signs)),
        Sentence(
            f"the text contains “{mark}”, and the action is {signs.denial.action}",
            (Quotes(mark), *signs.action_is.claims),
        ),
        signs.trust_read if signs.action == "sts:assumerole" else signs.caller_read or WHO_AM_I,
        Who.ACCOUNT_ADMIN,
        found_by=("identity",),
    )


def _sentence(program: Program, *, usual: bool) -> str:
    """Return the program's most frequent cause, if ``usual``, and with whose permissions it calls."""
    pages = f"({', '.join(program.pages)})"
    if not usual:
        return f"{program.name} calls with {program.identity} {pages}."
    return f"{program.name}: often {program.usual}. It calls with {program.identity} {pages}."


_ELSEWHERE = (Difference.AGAIN, Difference.OPTION, Difference.BY_HAND, Difference.PROGRAM)
"""Differences that show that the policy of the failing program lacks nothing."""


_ALL_ACCESS = (
    r"\b(?:has|have|with|gave it|given) (?:the )?(?:full (?:\w+ )?(?:access|permissions|rights)|\w*FullAccess\b)"
)
_KEYS_SIDE = r"\bbecause\s+the\s+resource\s+does\s+not\s+exist\s+in\s+this\s+Region,\s+no\s+resource-based"
"""The beginning of KMS's own sentence with three possible reasons, none of which is the caller's policies."""


def _has_it(signs: Signs) -> bool:
    """Whether the text says that somebody is allowed the action, or that the same call works in another way."""
    works = any(each.difference in _ELSEWHERE for each in differences(signs.denial.text))
    administers = not signs.layer and bool(signs.administrator)
    return works or signs.granted or administers or signs.says(_ALL_ACCESS) or signs.says(_KEYS_SIDE)


def _of_another_program(signs: Signs, program: Program) -> bool:
    """Whether the caller's role or user is named after another program, which must have made the call."""
    name = f" {signs.role or signs.user} "
    if not name.strip() or program.marks.search(name):
        return False
    return any(each.marks.search(name) and each.actions.match(signs.action) for each in PROGRAMS)
