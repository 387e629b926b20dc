"""What was typed and not used yet: in memory for the run, and on disk where drafts are on."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diagnostics.drafts import Draft


def earlier(place: str) -> str:
    """The place of an earlier run's draft where another text is typed now."""
    return f"{place}, earlier"


@dataclass(slots=True)
class Typed:
    """Drafts by place, such as ``Diagnose`` or ``the form of deploy``. ``on`` is the configuration's ``drafts``.

    ``label`` names their files (`diagnostics.drafts.label_of`), "" before the account is known. ``roles`` are Create's
    drafts as text, None before Create was opened, and ``unfinished`` their names, "" of one without. Only the event
    loop's handlers change it; `save` writes what there is, from a worker or at the end.
    """

    on: bool = True
    label: str = ""
    drafts: dict[str, Draft] = field(default_factory=dict)
    roles: str | None = None
    unfinished: tuple[str, ...] = ()

    def open(self, label: str, kept: Mapping[str, Draft]) -> None:
        """Take what another run kept for the account. Where something was typed in this one already, both stay."""
        self.label = label
        typed, self.drafts = self.drafts, dict(kept if self.on else {})
        for place in typed:
            self.set_aside(place)
        self.drafts |= typed

    def set_aside(self, place: str) -> None:
        """Keep the draft of a place as an earlier one: another text is typed there now."""
        draft = self.drafts.pop(place, None)
        if draft is not None:
            name = earlier(place)
            self.drafts[name] = replace(draft, place=name)

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
        if not self.on or not self.label:
            return
        from diagnostics.drafts import texts_path, write_drafts
        from iam.creation.draft.kept import drafts_path, keep

        with suppress(OSError):  # a change says when the state folder is not writable
            write_drafts(tuple(self.drafts.values()), texts_path(self.label))
            if self.roles is not None:
                keep(self.roles, drafts_path(self.label))

    def left(self, place: str, key: str) -> str:
        """Say what becomes of the text that was just left, which ``key`` brings back; "" where there is none."""
        draft = self.drafts.get(place)
        if draft is None:
            return ""
        why = self._why_not_kept(draft)
        if not self.on:
            return f"What you typed is kept until you quit: {key} restores it."
        return f"Kept {f'until you quit, since {why}' if why else 'as a draft'}: {key} restores it."

    @staticmethod
    def _why_not_kept(draft: Draft) -> str:
        from diagnostics.drafts import LARGEST, secret

        if secret(draft.values):
            return "it contains a credential or an external ID"
        return "it is too long" if sum(map(len, draft.values.values())) > LARGEST else ""

    def lost(self) -> tuple[str, ...]:
        """A sentence on each text that leaving loses."""
        if not self.on or not self.label:
            return ()
        found = ((place, self._why_not_kept(draft)) for place, draft in self.drafts.items())
        return tuple(f"What you typed in {place} is not saved: {why}." for place, why in found if why)

    def farewell(self) -> str:
        """Say what the next start brings back; "" for nothing."""
        if not self.on or not self.label:
            return ""
        kept = [place for place, draft in self.drafts.items() if not self._why_not_kept(draft)]
        kept += [f"the new role {name}" for name in self.unfinished if name]
        unnamed = self.unfinished.count("")
        if not kept and not unnamed:
            return ""
        from iam.words import listing, plural  # the first frame needs nothing of iam

        count = plural(len(kept) + unnamed, "draft")
        if unnamed:
            kept.append(f"{unnamed} new roles without a name" if unnamed > 1 else "a new role without a name")
        return f"Kept for 7 days ({count}): {listing(kept)}. The next start restores them."
