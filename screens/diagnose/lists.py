"""Lists on the Diagnose screen: the failures in a pasted text, and the diagnoses made since the program started."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from diagnostics.failure import Conflict, Denial, Failure, OtherFailure, Trouble
from iam.arn import resource_of
from screens.diagnose.run import Run
from screens.text import fit, marks
from screens.widgets.line import Piece
from screens.widgets.rows import Rows
from screens.widgets.strips import plain
from screens.widgets.styles import FAINT, KEY, PLAIN, STRONG


def short(failure: Failure) -> str:
    """Return a failure in one line: the denied action and its principal, or the name that is taken."""
    match failure:
        case Denial(claims_trust=True):
            role = _tail(failure.resource) if failure.resource else "the role"
            words = f"{failure.service or 'the service'} cannot assume {role}"
        case Denial():
            who = _tail(failure.principal) if failure.principal else ""
            what = failure.action or failure.operation or failure.code or "denied"
            where = f" on {failure.resource}" if failure.resource else ""
            words = f"{what}{where}" + (f", by {who}" if who else "")
        case Conflict():
            kind = (failure.entity_type or "name").replace("-", " ")
            words = f"{kind} {failure.name or ''} is taken".replace("  ", " ")
        case OtherFailure(trouble=Trouble.UNRECOGNIZED, tokens=(token, *_)) if not token.broken:
            words = f"a {token.kind.value} of {token.issuer or 'an unknown issuer'}: {', '.join(token.claim('sub'))}"
        case OtherFailure():
            words = f"{failure.code or failure.trouble.value}: {failure.detail or failure.text.strip()}"
    return plain(words[:400])


def _tail(arn: str) -> str:
    """Return the short name of a principal: role/session, a user's name, a service."""
    resource = resource_of(arn)
    return resource.removeprefix("assumed-role/").removeprefix("user/").removeprefix("role/")


class FailureList(Rows[Failure]):
    """The failures in the pasted text. Equal failures are combined and counted."""

    def pieces_of(self, row: Failure, index: int, width: int) -> Sequence[Piece]:
        count = f"{row.count}{'×' if marks().passed == '✓' else 'x'}" if row.count > 1 else ""
        return [(f" {index + 1:>3} ", KEY), (f"{count:>5} ", STRONG), (fit(short(row), width - 12), PLAIN)]


class HistoryList(Rows[Run]):
    """The diagnoses made since the program started, the latest first."""

    def pieces_of(self, row: Run, index: int, width: int) -> Sequence[Piece]:
        verdict = row.diagnosis.verdict
        code = f" {plain(verdict.cause)} {marks().dot} {verdict.confidence.value}"
        code_width = max(min(width // 3, 36), 16)
        time = f"{row.started:%H:%M} "
        room = width - code_width - cell_len(time) - 3
        return [(f" {time}", FAINT), (fit(code, code_width), STRONG), (f"  {fit(short(row.failure), room)}", PLAIN)]
