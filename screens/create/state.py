"""The state of creating a role.

It consists of the answers, the account's data about them, and the fields, faults and notes that result.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from diagnostics.sentences import statement_sentence
from iam.account import Account
from iam.creation.draft.document_check import CheckedDocument, document_note
from iam.creation.draft.faults import PlacedFault, detail_faults, permission_faults, trust_faults
from iam.creation.draft.notes import DraftNote, Notes, detail_notes, trust_notes
from iam.creation.draft.places import Place, What
from iam.creation.draft.role_draft import STATEMENTS, RoleDraft
from iam.creation.draft.rows import needed_besides, placed_remarks
from iam.creation.draft.suggestions import Suggestions, alike
from iam.creation.draft.usual_policies import UsualPolicy, missing_policies, offer, usual_policies
from iam.creation.granted import Granted, GrantedTogether
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.creation.statements.needed_actions import Needed
from iam.creation.statements.parts import Weight, document
from iam.facts import quotas
from iam.gate.checks.caller import DemandedBoundary
from iam.policy.document import PolicyError
from iam.words import joined
from screens.create.conflict import conflict_of
from screens.create.fields import detail_fields, permission_fields, shown_statements, trust_fields
from screens.create.steps import CreateStep
from screens.session import Session
from screens.widgets.form.form import Field

_GRAVEST = (Weight.FAULT, Weight.WARNING, Weight.NOTE)

if TYPE_CHECKING:
    from diagnostics.failure import Conflict


def _granted_note(granted: Granted, *, usual: bool) -> DraftNote:
    """Return a note about what a policy grants.

    ``usual``: AWS's documentation recommends the policy, so it is not wrong.
    """
    if usual and granted.weight is Weight.WARNING:
        broad = granted.sentence.removeprefix("Broad: ")
        return DraftNote(f"AWS's documentation attaches this policy to roles of this service. Note: {broad}")
    return DraftNote(f"{granted.sentence} {granted.instead}".strip(), granted.weight)


@dataclass
class CreationState:
    """The state of creating a role.

    ``granted`` contains the permissions of managed policies by ARN, ``checked`` the findings of lint and AWS for each
    document that the operator wrote, by place. ``spec`` is the specification that was checked last, ``planned`` is the
    specification that was planned last, and ``made`` is whether that role now exists. ``aside`` are unfinished drafts
    that were set aside for other drafts, latest last; they can be restored.

    Only the screen's message handlers change it.
    """

    session: Session
    draft: RoleDraft = field(default_factory=RoleDraft)
    names: Suggestions = field(default_factory=dict)
    granted: dict[str, Granted] = field(default_factory=dict)
    together: GrantedTogether | None = None
    demanded: DemandedBoundary = field(default_factory=DemandedBoundary)
    checked: dict[Place, CheckedDocument] = field(default_factory=dict)
    tried_to_leave: set[CreateStep] = field(default_factory=set)
    spec: RoleSpec | None = None
    planned: RoleSpec | None = None
    made: bool = False
    aside: list[RoleDraft] = field(default_factory=list)

    @property
    def unfinished(self) -> tuple[RoleDraft, ...]:
        """The unfinished drafts, the current one last."""
        return (*self.aside, self.draft) if self.draft.begun and not self.made else tuple(self.aside)

    def begin(self, draft: RoleDraft | None = None) -> bool:
        """Start a new draft, keeping the account's data. Return whether an unfinished draft was set aside."""
        before, self.aside = len(self.aside), list(self.unfinished)
        self._take(draft or RoleDraft())
        return len(self.aside) > before

    def bring_back(self) -> None:
        """Restore the draft that was set aside last.

        The current one is set aside as the earliest, so that repeated calls restore each draft in turn.
        """
        *others, last = self.aside
        present = self.unfinished[len(self.aside) :]
        self.aside = [*present, *others]
        self._take(last)

    def _take(self, draft: RoleDraft) -> None:
        self.made = False
        self.draft = replace(draft, table=self.draft.table)
        self.granted.clear()
        self.tried_to_leave.clear()
        self.together = self.spec = self.planned = None

    @property
    def account(self) -> Account | None:
        return self.session.account

    @property
    def facts(self) -> AccountFacts:
        return AccountFacts.of(self.account) if self.account else AccountFacts("000000000000")

    @property
    def name_taken(self) -> bool:
        """Whether a role with the typed name exists, ignoring case."""
        name = self.draft.name
        return bool(self.account is not None and name and self.account.role_ignoring_case(name))

    @property
    def needed(self) -> tuple[Needed, ...]:
        """The additional statements that the chosen statements require."""
        return needed_besides(self.draft.statements, self.facts, keys_known=bool(self.names.get("key")))

    @property
    def usual_missing(self) -> tuple[UsualPolicy, ...]:
        """The managed policies that AWS's documentation recommends for this service's role and that the draft lacks."""
        return missing_policies(self.draft, self.facts)

    def conflict(self) -> Conflict:
        return conflict_of(self.draft, self.facts)

    def fields(self, step: CreateStep) -> list[Field]:
        match step:
            case CreateStep.WHO:
                return trust_fields(self.draft, self.names)
            case CreateStep.MAY:
                return permission_fields(self.draft, self.names, self.facts)
        names = self.names
        if self.demanded.arn:
            # A caller that must set a boundary is often not allowed to list the policies.
            names = {**names, "boundary": tuple(dict.fromkeys((self.demanded.arn, *names.get("boundary", ()))))}
        return list(detail_fields(self.draft, names, self.facts, self.account))

    def faults(self, step: CreateStep) -> list[PlacedFault]:
        """Return the faults that prevent leaving the step, each with its place."""
        match step:
            case CreateStep.WHO:
                return list(trust_faults(self.draft, self.facts, self.account))
            case CreateStep.MAY:
                found = list(permission_faults(self.draft, self.facts, self.account))
                places = {fault.place for fault in found}
                for place, note in (self._granted_notes() | self._statement_notes()).items():
                    if note.weight is Weight.FAULT and place not in places:
                        found.append(PlacedFault(place, note.sentence))
                return found
            case CreateStep.DETAILS:
                found = [self._with_free_names(fault) for fault in detail_faults(self.draft, self.account)]
                if self.demanded.arn and self.draft.boundary != self.demanded.arn:
                    found.append(PlacedFault(Place(What.BOUNDARY), self.demanded.sentence))
                return found
        return []

    @staticmethod
    def _with_free_names(fault: PlacedFault) -> PlacedFault:
        if fault.free is None:
            return fault
        free = joined(fault.free) or "longer ones"
        return replace(
            fault, sentence=f"{fault.sentence} Press ctrl+g to see the existing role. Available names: {free}."
        )

    def _granted_notes(self) -> Notes:
        """Return notes about what the chosen managed policies grant, and about recommended ones that are missing."""
        usual = {each.arn for each in usual_policies(self.draft, self.facts)}
        notes = {
            Place(What.ATTACHED, row=row): _granted_note(self.granted[arn], usual=arn in usual)
            for row, arn in self.draft.attached_rows.items()
            if arn in self.granted
        }
        if missing := self.usual_missing:
            free = max((row for row, arn in self.draft.attached_rows.items() if arn), default=-1) + 1
            notes.setdefault(Place(What.ATTACHED, row=free), DraftNote(offer(missing)))
        return notes

    def _statement_notes(self) -> Notes:
        """Return the most severe remark about each part, and a summary of each statement.

        If the statements require another statement, the note on the next slot says so.
        """
        statements, table = self.draft.statements, self.draft.table
        if table is None or not statements:
            return {}
        checked = self._checked(STATEMENTS)
        remarks = placed_remarks(statements, table, self.facts, checked.findings if checked is not None else ())
        notes: Notes = {}
        for place, remark in sorted(remarks, key=lambda each: _GRAVEST.index(each[1].weight)):
            notes.setdefault(place, DraftNote(remark.sentence, remark.weight, short=remark.weight is Weight.NOTE))
        faulty = {place.slot for place, note in notes.items() if note.weight is Weight.FAULT}
        for each in statements:
            if each.slot not in faulty:
                try:
                    [statement] = document([each.parts], table).unplaced_statements
                    notes[Place(What.EFFECT, slot=each.slot)] = DraftNote(statement_sentence(statement))
                except PolicyError:
                    notes[Place(What.EFFECT, slot=each.slot)] = DraftNote("")
        if self.needed and not faulty:
            next_one = Place(What.EFFECT, slot=shown_statements(self.draft)[-1])
            notes.setdefault(next_one, DraftNote(f"{self.needed[0].sentence} ctrl+t adds the statement."))
        return notes

    def _checked(self, place: Place) -> CheckedDocument | None:
        """Return the findings about a document, or None if its text changed since the check."""
        checked, now = self.checked.get(place), self.draft.documents.get(place)
        return checked if checked is not None and now is not None and checked.text == now[0].text else None

    @property
    def most_characters_of_trust(self) -> int:
        """The maximum size of the trust policy in characters, without white space."""
        return quotas.TRUST_SIZE.limit_in(self.account.summary if self.account else None)

    @property
    def most_characters_of_inline(self) -> int:
        """The maximum total size of the inline policies in characters."""
        return quotas.INLINE_SIZE_OF_ROLE.limit_in(self.account.summary if self.account else None)

    def notes(self, step: CreateStep) -> Notes:
        """Return notes for the fields: faults if there are any, else help.

        Faults of empty fields are included only after an attempt to leave the step.
        """
        notes: Notes = {}
        limits = {What.TRUST_POLICY: self.most_characters_of_trust, What.POLICY: self.most_characters_of_inline}
        for what, most in limits.items():
            if (written := self.draft.documents.get(Place(what))) is not None:
                notes[Place(what)] = document_note(written[0], most, self._checked(Place(what)))
        match step:
            case CreateStep.WHO:
                notes |= trust_notes(self.draft, self.account)
            case CreateStep.MAY:
                notes |= self._granted_notes()
                for each in self.draft.recipes:
                    notes[Place(What.RECIPE, slot=each.slot)] = DraftNote(each.recipe.note)
                for place, note in self._statement_notes().items():
                    # Missing values are requested; they become faults once the operator goes on without them.
                    notes[place] = replace(note, weight=Weight.NOTE) if note.weight is Weight.FAULT else note
            case CreateStep.DETAILS:
                roles = alike(self.names, self.draft.principals(self.facts))
                notes |= detail_notes(self.draft, self.account, roles)
        for fault in self.faults(step):
            # A policy is invalid most of the time while it is being typed: its faults are shown, but not while it is
            # empty.
            asked = fault.place.what is What.BOUNDARY
            if self.draft.typed(fault.place) or asked or step in self.tried_to_leave:
                notes[fault.place] = DraftNote(fault.sentence, Weight.FAULT)
        return notes
