"""The input box for any pasted text: an error, an event, a token. Long text is stored completely."""

from __future__ import annotations

from textual import events
from textual.message import Message

from screens.text import marks, plural, visible
from screens.widgets.area import Area
from screens.widgets.strips import text_lines

EDITABLE = 20_000
"""The maximum number of characters of a text that can be edited in place.

A longer text is stored, but only its beginning is shown, because a text area lays out every line that it contains. A
text with control characters is handled in the same way, because a text area would send control characters to the
terminal unchanged.
"""
SHOWN = 2_000


def _printable(text: str) -> bool:
    return all(visible(line) == line for line in text.replace("\t", " ").split("\n"))


class PasteBox(Area):
    """A text area that shows only the beginning of a large text. `whole` is the complete text."""

    DEFAULT_CSS = """
    PasteBox { height: 1fr; border: none; padding: 0 1; }
    """

    class Pasted(Message):
        """Text was pasted. ``replaced`` is the complete text that it replaced, "" if it was inserted."""

        def __init__(self, replaced: str = "") -> None:
            super().__init__()
            self.replaced = replaced

    class Refused(Message):
        """The operator typed into a text that is too long to be edited here."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            id=id,
            placeholder="Paste here what the failing program printed. ctrl+r explains it.",
        )
        self._whole: str | None = None
        self._replaced_by_paste = False

    @property
    def whole(self) -> str:
        return self.text if self._whole is None else self._whole

    @property
    def shortened(self) -> bool:
        """Whether only the beginning of the text is shown."""
        return self._whole is not None

    def take(self, text: str) -> None:
        """Replace the text."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) <= EDITABLE and _printable(text):
            self._whole = None
            self.read_only = False
            self.load_text(text)
            self.move_cursor(self.document.end)
        else:
            self._whole = text
            beginning = "\n".join(text_lines(text[:SHOWN]))
            self.load_text(beginning + (marks().ellipsis if len(text) > SHOWN else ""))
            self.read_only = True

    @property
    def size_in_words(self) -> str:
        text = self.whole
        if not text:
            return ""
        size = f"{plural(len(text), 'character')}, {plural(text.rstrip(chr(10)).count(chr(10)) + 1, 'line')}"
        if not self.shortened:
            return size
        if len(text) > SHOWN:
            return f"{size}; only the beginning is shown, but all of it is read"
        return f"{size}; its control characters are shown as visible symbols"

    def on_paste(self, event: events.Paste) -> None:
        """Handle a paste here, so that the text area does not handle it."""
        event.stop()
        event.prevent_default()
        self.paste(event.text)

    def expect_paste(self) -> None:
        """Let the next paste replace the text.

        If a key is pressed before the paste, the paste is inserted at the cursor instead.
        """
        self._replaced_by_paste = True

    def paste(self, text: str) -> None:
        """Insert text at the cursor, replacing the selection.

        If the text becomes too long, only its beginning is shown.
        """
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        replaces, self._replaced_by_paste = self._replaced_by_paste, False
        replaced = self.whole if self.shortened or replaces else ""
        if self.shortened or replaces:
            self.take(text)
        elif len(text) + len(self.text) <= EDITABLE and _printable(text):
            result = self.replace(text, *self.selection)
            self.move_cursor(result.end_location)
        else:
            first, last = sorted(self.selection)
            before = self.get_text_range((0, 0), first)
            self.take(before + text + self.get_text_range(last, self.document.end))
        self.post_message(self.Pasted(replaced))

    def on_key(self, event: events.Key) -> None:
        self._replaced_by_paste = False
        if not self.shortened:
            return
        if event.key in ("backspace", "delete"):
            self.take("")
            event.stop()
        elif event.is_printable or event.key == "enter":
            # Letters are text here: they must not run the screen's commands.
            self.post_message(self.Refused())
            event.stop()
            event.prevent_default()
