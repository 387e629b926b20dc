"""An exception in an event handler ends only that handler, not the program, so that typed text is not lost.

Textual ends an application at the first uncaught exception. Here the error is logged, the operator is shown a sentence,
and the next event is handled as usual. If errors repeat in quick succession, the program ends.
"""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic
from typing import ClassVar

from textual._context import active_message_pump
from textual.app import App
from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.message import Message
from textual.message_pump import MessagePump

from screens.worker_failures import WorkFailed, log

MOST_ERRORS = 5
WITHIN_SECONDS = 10.0


def is_of_removed(error: Exception) -> bool:
    """Return whether the error occurred only because a screen is being removed.

    The widgets of a screen are removed one by one, so a handler of one widget may look for another that no longer
    exists.
    """
    pump = active_message_pump.get(None)
    return (
        isinstance(error, NoMatches | NoScreen)
        and isinstance(pump, DOMNode)
        and any(node._pruning for node in pump.ancestors_with_self)
    )


class GoesOn(App[None]):
    """An app that continues after errors, once `go_on_after_errors` has been called.

    Use it instead of Textual's App.
    """

    goes_on: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._errors: deque[float] = deque(maxlen=MOST_ERRORS)

    def survives(self, error: Exception) -> bool:
        """Return whether the program continues after the error. If so, the error is logged and shown."""
        now = monotonic()
        self._errors.append(now)
        if len(self._errors) == MOST_ERRORS and now - self._errors[0] < WITHIN_SECONDS:
            return False
        log.error("an error inside rolescope, which continues to run", exc_info=error)
        sentence = (
            f"An error inside rolescope ({type(error).__name__}: {error}). It continues to run; the log has more."
        )
        return self.post_message(WorkFailed("answering a key or a message", sentence))


def go_on_after_errors() -> None:
    """Make every widget, screen and app of this process continue after an error, if the app is a `GoesOn`."""
    dispatch = MessagePump._dispatch_message

    async def guarded(pump: MessagePump, message: Message) -> None:
        try:
            await dispatch(pump, message)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            if is_of_removed(error):
                return
            app = pump.app
            if not isinstance(app, GoesOn) or not app.is_running or not app.survives(error):
                raise

    GoesOn.goes_on = True
    MessagePump._dispatch_message = guarded  # type: ignore[method-assign, assignment]
