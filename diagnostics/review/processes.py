"""Review a folder's accounts in several processes. Each process opens the folder itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from diagnostics.review.across import HowReviewed, Reviewed, review_account
from diagnostics.review.escalation.elsewhere import Neighbours
from iam.own_command import use_account_options

_AT_ONCE = 4
"""The maximum number of accounts that a process is given at a time."""

_work: tuple[Neighbours, HowReviewed] | None = None
"""The state of this process: the folder, and how its accounts are reviewed."""


def reviews(folder: str, ids: Sequence[str], how: HowReviewed, processes: int) -> Iterator[Reviewed | None]:
    """Yield the review of each account, in the order of ``ids``; None for an account that could not be read."""
    # Not forked, because threads of the calling process may hold locks.
    with ProcessPoolExecutor(processes, get_context("spawn"), _open, (folder, how)) as pool:
        yield from pool.map(_review, ids, chunksize=max(1, min(_AT_ONCE, len(ids) // processes)))


def _open(folder: str, how: HowReviewed) -> None:
    global _work
    from iam.sources.organization.folder import open_folder

    use_account_options(*how.account_options)
    _work = Neighbours(open_folder(folder), how.limits), how


def _review(id: str) -> Reviewed | None:
    assert _work is not None
    return review_account(_work[0], id, _work[1])
