"""Two near values of a text, as a value with its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from diagnostics.fix import Fix, Note, Who

CALLER = "the caller"


class Basis(StrEnum):
    """What the text shows of the two.

    PRINTED: AWS printed the asked one, and a rule has the other. RULE: the rule has the other. EXEMPT: it is the list
    of a Deny's exceptions. EMULATED: an emulator asked for a name in place of an ARN. SENT: a tag's condition has the
    other. HOLDER: the other has the policy that the text shows. LISTED: a list has only the other. ROLE: the text has
    another role's ARN. SAID: its author calls the other one right. BOTH_ASKED: a call has both.
    """

    PRINTED = "printed"
    RULE = "rule"
    SENT = "sent"
    ROLE = "role"
    EXEMPT = "exempt"
    EMULATED = "emulated"
    HOLDER = "holder"
    LISTED = "listed"
    SAID = "said"
    BOTH_ASKED = "both-asked"


@dataclass(frozen=True, slots=True)
class NearPair:
    """``asked`` is the value of the request, ``written`` the other; the places are nouns, ``difference`` a clause.

    ``kind`` is the noun of both values. ``code`` is the cause that this is.
    """

    kind: str
    asked: str
    asked_place: str
    written: str
    written_place: str
    difference: str
    basis: Basis
    code: str

    @property
    def sentence(self) -> str:
        place = f"{self.asked_place[0].upper()}{self.asked_place[1:]}"
        if self.asked_place == CALLER:
            has = f"The caller's account is {self.asked}" if self.kind == "account" else f"The caller is {self.named}"
        else:
            has = f"{place} has {self.named}"
        verb = "has" if self.basis in (Basis.LISTED, Basis.SAID, Basis.ROLE) else "names"
        return f"{has}, but {self.written_place} {verb} {self.written}: {self.difference}. {self.advice}"

    @property
    def named(self) -> str:
        return f"the {self.kind} {self.asked}"

    @property
    def advice(self) -> str:
        """What to find out, and what to correct where the text shows it."""
        match self.basis:
            case Basis.PRINTED:
                both = (
                    " Across accounts, the caller's own policies must allow it, too." if self.kind == "account" else ""
                )
                return (
                    f"AWS printed {self.asked}, so that one exists. If it is meant, correct {self.written} in "
                    f"{self.written_place}.{both}"
                )
            case Basis.HOLDER:
                return (
                    f"They are two: what {self.written} has does not count for {self.asked}. Attach the policy to "
                    f"{self.asked}, or let the call run as {self.written}."
                )
            case Basis.LISTED:
                return (
                    f"Only {self.written} is listed. If it is meant, write {self.written} in the call or its "
                    "configuration: no permission is missing for that."
                )
            case Basis.SAID:
                return (
                    f"Check which name the program is configured with. If {self.written} is right, correct the "
                    f"request, and write no policy for {self.asked}."
                )
            case Basis.ROLE:
                return (
                    "A role that does not exist is refused like one that does not trust the caller. If "
                    f"{self.written} is the role, ask for it: path and letter case are part of an ARN."
                )
            case Basis.EXEMPT:
                return (
                    "The Deny refuses whatever NotAction does not list, and a prefix covers its own service alone. Let "
                    f"the organization's administrator add {self.asked.partition(':')[0]}:* to NotAction, if it is "
                    "meant to be allowed."
                )
            case Basis.EMULATED:
                return (
                    "The emulator compared the name alone, and AWS the whole ARN with its six characters: the "
                    "statement is right for AWS. For the emulator, use a newer version, or also allow "
                    f"{self.asked} there."
                )
            case Basis.SENT:
                return f"Send {self.written}. If {self.asked} is right, let the policy's owner change the condition."
            case Basis.BOTH_ASKED:
                return (
                    f"They are two. If {self.written} is meant, call with credentials or a profile of it; else correct "
                    f"{self.written} in the call."
                )
            case Basis.RULE:
                return (
                    f"The request needs {self.asked} there. Find out which is right: if that is, correct "
                    f"{self.written_place}, else the request. Widen no policy for it."
                )

    @property
    def fix(self) -> Fix:
        title = f"Find out which {self.kind} is right: {self.asked} or {self.written}"
        change = f"If {self.written} is right, use it in place of {self.asked}."
        match self.basis:
            case Basis.EXEMPT:
                title = f"Add {self.asked.partition(':')[0]}:* to NotAction"
                return Fix(title, Who.ORG_ADMIN, Note("the SCP of the text", f"The list then has {self.asked}, too."))
            case Basis.EMULATED:
                note = Note("the emulator's policy", f"Add {self.asked} to its Resource.")
                return Fix("Allow the bare name in the emulator only", Who.CALLER, note)
            case Basis.HOLDER:
                title = f"Attach the policy to {self.asked}, or use {self.written}"
                change = f"Attach to {self.asked} what {self.written} has, or let the program run as {self.written}."
                return Fix(title, Who.ACCOUNT_ADMIN, Note(self.asked_place, change))
            case Basis.PRINTED | Basis.RULE:
                change = f"If {self.asked} is right, write it in place of {self.written}."
                return Fix(title, Who.RESOURCE_OWNER, Note(self.written_place, change))
            case _:
                return Fix(title, Who.CALLER, Note(self.asked_place, change))
