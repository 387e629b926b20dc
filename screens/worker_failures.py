"""Run work in the background: use its answers, unless the work was stopped, and report its failures.

A failure is shown as one sentence on the screen, with the details in the log. The application continues.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.worker import Worker, WorkerState, active_worker

log = logging.getLogger("rolescope")


@dataclass(eq=False, repr=False)
class WorkFailed(Message):
    """Background work failed; ``sentence`` describes the error for the operator."""

    doing: str
    sentence: str


class GivenUp(Exception):
    """Raised and caught by a worker to end it after the operator stopped the work."""


class Answer(Message):
    """A message with what a worker found.

    `ReportsFailures` drops the message once the worker was canceled: canceling a worker does not end its thread,
    which may still send an answer after newer work has replaced that worker.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self._worker = active_worker.get(None)

    @property
    def outdated(self) -> bool:
        """Whether the same question was asked again in the meantime, or the operator stopped the work."""
        return self._worker is not None and self._worker.is_cancelled


def run_in_thread(
    node: DOMNode, work: Callable[[], object], group: str = "default", *, exclusive: bool = True
) -> Worker[Any]:
    """Start work in a thread of its own. If it fails, `ReportsFailures` shows that.

    Args:
        node: The widget or screen that owns the worker.
        work: The function to run. It posts its results as messages.
        group: The worker group, one word that is shown if it fails.
        exclusive: Whether to cancel pending work of the group and to drop its `Answer`.
    """
    return node.run_worker(work, group=group, exclusive=exclusive, thread=True, exit_on_error=False)


class ReportsFailures(MessagePump):
    """A mixin for everything that starts workers. List it before Textual's class."""

    async def _dispatch_message(self, message: Message) -> None:
        if not (isinstance(message, Answer) and message.outdated):
            await super()._dispatch_message(message)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.is_finished and isinstance(self, Screen):
            self.refresh_bindings()  # the worker's last message arrived before its end, when escape could still stop it
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None:
            return
        from iam.sources.source_error import SourceError

        doing = event.worker.group or "work in the background"
        if isinstance(error, SourceError):
            self.app.post_message(WorkFailed(doing, str(error)))
            return
        log.error("worker %s failed", doing, exc_info=error)
        sentence = (
            f"An error inside rolescope ({type(error).__name__}: {error}). The log has the details: `rolescope "
            "info` shows where the log is."
        )
        self.app.post_message(WorkFailed(doing, sentence))
