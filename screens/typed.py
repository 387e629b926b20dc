"""Text that was typed and not used yet: in memory during the run, and on disk if drafts are enabled."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diagnostics.drafts import Draft


MOST_NAMED = 40
"""The maximum length of the names of drafts in the line that counts them, in characters."""


def earlier(place: str) -> str:
    """Return the key for a draft from an earlier run, used if another draft now has its usual key, ``place``."""
    return f"{place}, earlier"


@dataclass(slots=True)
class Typed:
    """The drafts by place, such as ``Diagnose`` or ``the form of deploy``.

    ``on`` is the value of ``drafts`` in the configuration. ``label`` names the files (`diagnostics.drafts.label_of`),
    "" before the account is known. ``roles`` contains Create's drafts as text, None before Create was opened.
    ``unfinished`` contains the names of these roles, "" for a role without a name; `open` takes them from the earlier
    run.

    Only the event loop's handlers change this object; `save` writes the drafts, in a worker or at the end.
    """

    on: bool = True
    label: str = ""
    drafts: dict[str, Draft] = field(default_factory=dict)
    roles: str | None = None
    unfinished: tuple[str, ...] = ()

    def open(self, label: str, kept: Mapping[str, Draft], roles: tuple[str, ...] = ()) -> None:
        """Load the account's drafts from an earlier run, and the names of its roles that were drafted and not created.

        If text was typed at the same place in this run, both are kept.
        """
        self.label = label
        if self.on and self.roles is None:
            self.unfinished = roles
        typed, self.drafts = self.drafts, dict(kept if self.on else {})
        for place in typed:
            self.set_aside(place)
        self.drafts |= typed

    @property
    def places(self) -> tuple[str, ...]:
        """The places of the drafts, except Create, whose new roles are in ``unfinished``."""
        return tuple(place for place in self.drafts if place != "Create")

    @property
    def count(self) -> int:
        """The number of drafts, including new roles."""
        return len(self.places) + len(self.unfinished)

    @property
    def counted(self) -> str:
        """The number of drafts, with their places if these are short, such as ``1 draft: Who can``. "" if none."""
        from iam.words import plural  # the first frame needs nothing from iam

        names = [*self.places, *(f"new role {name}".rstrip() for name in self.unfinished)]
        number, of_what = plural(len(names), "draft"), ", ".join(names)
        if not names or len(of_what) > MOST_NAMED:
            return number if names else ""
        return f"{number}: {of_what}"

    def set_aside(self, place: str) -> None:
        """Store the draft of a place as an earlier one, because another text is typed there now."""
        draft = self.drafts.pop(place, None)
        if draft is not None:
            name = earlier(place)
            self.drafts[name] = replace(draft, place=name)

    def put(self, place: str, values: Mapping[str, str], began: str | None = None) -> bool:
        """Store the text typed at a place; empty values mean that it was used. Return whether the draft changed.

        ``began`` is the document from which the text began, None if that is unknown or there is none.
        """
        from diagnostics.drafts import Draft

        before = self.drafts.get(place)
        draft = Draft(place, dict(values), datetime.now(UTC), began)
        if before is not None and (dict(before.values), before.began) == (draft.values, began):
            return False
        if draft.empty:
            return self.drafts.pop(place, None) is not None
        self.drafts[place] = draft
        return True

    def save(self) -> None:
        """Write the drafts that may be stored on disk. May block."""
        if not self.on or not self.label:
            return
        from diagnostics.drafts import texts_path, write_drafts
        from iam.creation.draft.kept import drafts_path, keep

        with suppress(OSError):  # a change of the account reports an unwritable state folder
            write_drafts(tuple(self.drafts.values()), texts_path(self.label))
            if self.roles is not None:
                keep(self.roles, drafts_path(self.label))

    def left(self, place: str, key: str) -> str:
        """Return a sentence that says that ``key`` restores the text just left; "" if there is no such text."""
        draft = self.drafts.get(place)
        if draft is None:
            return ""
        why = self._why_not_kept(draft)
        if not self.on:
            return f"Your text is kept until you quit: {key} restores it."
        return f"Your text is kept {f'until you quit, because {why}' if why else 'as a draft'}: {key} restores it."

    @staticmethod
    def _why_not_kept(draft: Draft) -> str:
        from diagnostics.drafts import LARGEST, secret

        if secret(draft.values):
            return "it contains a credential or an external ID"
        return "it is too long" if sum(map(len, draft.values.values())) > LARGEST else ""

    def lost(self) -> tuple[str, ...]:
        """Return one sentence for each text that is lost when the program ends."""
        if not self.on or not self.label:
            return ()
        found = ((place, self._why_not_kept(draft)) for place, draft in self.drafts.items())
        return tuple(f"Your text in {place} is not saved: {why}." for place, why in found if why)

    def farewell(self) -> str:
        """Return a sentence about the texts that are restored at the next start; "" if there are none."""
        if not self.on or not self.label:
            return ""
        kept = [place for place, draft in self.drafts.items() if not self._why_not_kept(draft)]
        kept += [f"the new role {name}" for name in self.unfinished if name]
        unnamed = self.unfinished.count("")
        if not kept and not unnamed:
            return ""
        from iam.words import listing, plural  # the first frame needs nothing from iam

        count = plural(len(kept) + unnamed, "draft")
        if unnamed:
            kept.append(f"{unnamed} new roles without a name" if unnamed > 1 else "a new role without a name")
        return (
            f"Kept for 7 days ({count}): {listing(kept)}. Each draft is restored where you typed it; Start (0) "
            "lists all drafts."
        )
