"""A worker that fails tells the operator in one sentence, and the log the rest; the application goes on."""

from __future__ import annotations

import logging

from textual.message import Message
from textual.message_pump import MessagePump
from textual.worker import Worker, WorkerState

log = logging.getLogger("rolescope")


class WorkFailed(Message):
    """Something in the background failed; ``sentence`` says what, for people."""

    def __init__(self, doing: str, sentence: str) -> None:
        super().__init__()
        self.doing = doing
        self.sentence = sentence


class GivenUp(Exception):
    """The operator stopped the work: a worker raises it to end, and takes it."""


class ReportsFailures(MessagePump):
    """Mixin of everything that starts workers: put it before Textual's class."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        error = event.worker.error
        if event.state is not WorkerState.ERROR or error is None:
            return
        from iam.sources.reader import SourceError

        doing = event.worker.group or "work in the background"
        if isinstance(error, SourceError):
            self.app.post_message(WorkFailed(doing, str(error)))
            return
        log.error("worker %s failed", doing, exc_info=error)
        sentence = (
            f"An error inside rolescope ({type(error).__name__}: {error}); the log has more: `rolescope info` names it."
        )
        self.app.post_message(WorkFailed(doing, sentence))
