"""What was typed and not used yet: in memory for the run, and on disk for an account of AWS, where drafts are on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from diagnostics.drafts import Draft


@dataclass(slots=True)
class Typed:
    """Drafts by place, such as ``diagnose`` or ``edit deploy``. ``on`` is the configuration's ``drafts``.

    ``path`` is their file, None where they are not kept. Only the event loop's handlers change it; `save` writes what
    there is, from a worker or at the end.
    """

    on: bool = True
    path: Path | None = None
    drafts: dict[str, Draft] = field(default_factory=dict)

    def open(self, path: Path, kept: Mapping[str, Draft]) -> None:
        """Take what another run kept for the account; what was typed in this one stays."""
        self.path = path if self.on else None
        self.drafts = {**(kept if self.on else {}), **self.drafts}

    def put(self, place: str, values: Mapping[str, str]) -> bool:
        """Note what is typed at a place now; empty values where it was used. Return whether it is another text."""
        from diagnostics.drafts import Draft

        before = self.drafts.get(place)
        draft = Draft(place, dict(values), datetime.now(UTC))
        if before is not None and dict(before.values) == draft.values:
            return False
        if draft.empty:
            return self.drafts.pop(place, None) is not None
        self.drafts[place] = draft
        return True

    def save(self) -> None:
        """Write the drafts that may be kept. May block."""
        if self.path is not None:
            from diagnostics.drafts import write_drafts

            with suppress(OSError):  # a change says when the state folder is not writable
                write_drafts(tuple(self.drafts.values()), self.path)

    def lost(self) -> tuple[str, ...]:
        """A sentence on each text that leaving loses; none for an account that ends with the program."""
        from diagnostics.drafts import LARGEST, secret

        if self.path is None:
            return ()
        sentences = []
        for place, draft in self.drafts.items():
            if secret(draft.values):
                sentences.append(f"What was typed in {place} is not saved: it has a credential or an external ID.")
            elif sum(map(len, draft.values.values())) > LARGEST:
                sentences.append(f"What was typed in {place} is not saved: it is too long.")
        return tuple(sentences)
