"""Who answers a message, and whose a key is, without looking everywhere for each one.

Textual looks through all classes that a widget derives from, for each message and once more whenever it then has
nothing to do; hands a message on from parent to parent, each a task that has to wake for it; and asks every widget
about every key declared above it. For a key that moves the cursor by a line that is as much work as the rest.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator
from functools import cache
from typing import Any

from textual import events
from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

Handler = Callable[[Any], Awaitable[None]]

_looked_up = MessagePump._get_dispatch_methods
_asked_about_keys = Screen._binding_chain.fget  # type: ignore[attr-defined]


@cache
def _decorated(pump: type[MessagePump]) -> list[Collection[type]]:
    """The messages that decorators name, by class."""
    return [named for cls in pump.__mro__ if (named := cls.__dict__.get("_decorated_handlers"))]


@cache
def _answering(pump: type[MessagePump], method_name: str, message: type[Message]) -> tuple[type, ...] | None:
    """The classes with a method of that name, in their order; None where a decorator names the message."""
    if any(each in handlers for handlers in _decorated(pump) for each in message.__mro__):
        return None
    return tuple(cls for cls in pump.__mro__ if f"_{method_name}" in cls.__dict__ or method_name in cls.__dict__)


def _get_dispatch_methods(pump: MessagePump, method_name: str, message: Message) -> Iterator[tuple[type, Handler]]:
    classes = _answering(type(pump), method_name, type(message))  # type: ignore[arg-type]
    if classes is None:
        yield from _looked_up(pump, method_name, message)
        return
    for cls in classes:
        if message._no_default_action:
            return
        method = cls.__dict__.get(f"_{method_name}") or cls.__dict__[method_name]
        if not hasattr(method, "_textual_on"):
            yield cls, method.__get__(pump, cls)


@cache
def _deaf(pump: type[MessagePump], message: type[Message]) -> bool:
    """Whether all that such a pump does with such a message is to hand it on."""
    if issubclass(message, events.Event) and pump.on_event is not MessagePump.on_event:
        return False
    answering = _answering(pump, message.handler_name, message)  # type: ignore[arg-type]
    if message is not events.Key or answering != (Widget,):
        return answering == ()
    # Of keys every widget looks whether it has a method of that name.
    named = any(name.startswith(("key_", "_key_")) for name in dir(pump))
    return not named and getattr(pump, "handle_key", None) is Widget.handle_key


def waits(pump: MessagePump) -> bool:
    """Whether it has nothing to do."""
    waiting: Collection[object] = pump._message_queue.ready_event._waiters
    return bool(waiting) and not pending(pump)


def pending(pump: MessagePump) -> bool:
    """Whether there is a message that it has not begun with."""
    looked_at: Message | None = pump._pending_message
    return looked_at is not None or bool(pump.message_queue_size)


def _bubble_to(message: Message, pump: MessagePump) -> None:
    """As Textual's, past those who are deaf to it. Who is at work is not passed: what comes out of that comes first."""
    message._no_default_action = False
    while (
        (parent := pump._parent) is not None
        and message._sender is not parent  # then it stops there, which is the pump's to say
        and _deaf(type(pump), type(message))  # type: ignore[arg-type]
        and waits(pump)
        and pump.check_message_enabled(message)
    ):
        pump = parent
    pump.post_message(message)


@cache
def _takes_keys(node: type[DOMNode]) -> bool:
    """Whether such a node may take keys for itself that are declared above it, as a text box does."""
    return node.check_consume_key is not DOMNode.check_consume_key


def _binding_chain(screen: Screen[object]) -> list[tuple[DOMNode, BindingsMap]]:
    focused = screen.focused
    nodes = focused.ancestors_with_self if focused is not None and not focused.loading else []
    if not nodes or screen.app._keymap or any(_takes_keys(type(node)) for node in nodes):
        chain: list[tuple[DOMNode, BindingsMap]] = _asked_about_keys(screen)
        return chain
    return [(node, node._bindings) for node in nodes]


def dispatch_directly() -> None:
    """Have all messages and keys find their way like this."""
    Message._bubble_to = _bubble_to  # type: ignore[method-assign, assignment]
    MessagePump._get_dispatch_methods = _get_dispatch_methods  # type: ignore[method-assign, assignment]
    Screen._binding_chain = property(_binding_chain)  # type: ignore[method-assign, assignment]
