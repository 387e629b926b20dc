"""The commands of the plan screen, and a word on its ideas."""

from __future__ import annotations

from screens.commands import Command, Rule, Situation, always, every, writing


def read_whole(situation: Situation) -> str:
    """A change is made on an account that was read to its end: what is still arriving could undo it on the screen."""
    return "The account is still being read: wait until it is there." if situation.session.loading else ""


CHANGING = every(writing, read_whole)


def _command(name: str, keys: str, title: str, help: str, *, footer: bool = True, allowed: Rule = always) -> Command:
    return Command(f"plan.{name}", keys, title, help, "This screen", footer, allowed)


HERE = (
    _command("apply", "ctrl+r", "apply", "Carry the plan out; asks once.", allowed=CHANGING),
    _command("resume", "ctrl+r", "resume", "Go on with what was stopped in the middle; asks once.", allowed=CHANGING),
    _command("diagnose", "d", "why", "Diagnose the failure of the call that failed."),
    _command("roll-back", "b", "roll back", "Undo what was done, the last call first; asks once.", allowed=CHANGING),
    _command("leave", "l", "leave as is", "Leave a change that was stopped as it stands, and ask no more."),
    _command("undo", "u", "undo", "Show the plan that takes this change back.", allowed=CHANGING),
    _command("cli", "c", "CLI", "The plan as commands of the AWS CLI; again: the calls."),
    _command("terraform", "t", "Terraform", "The plan as Terraform; again: the calls."),
    _command("cloudformation", "f", "CloudFormation", "The plan as a CloudFormation template; again: the calls."),
    _command("json", "J", "JSON", "The plan as JSON; again: the calls."),
    _command("copy", "y", "copy", "Copy a call, a document, or the plan in any form."),
    _command("export", "e", "export", "Save the plan: Markdown, commands, Terraform, CloudFormation, JSON."),
    Command("plan.back", "escape", "back", "Stop what runs; else go back.", palette=False, show_in_footer=True),
)

WORDS = (
    "A plan lists every call that will be made, in order, each with the call that takes it back. Nothing is called "
    "before you say so. While it runs, each call is written to a journal before it is made: a terminal that is lost "
    "in the middle loses nothing, and the next start offers to go on or to roll back. At the end everything is read "
    "back from AWS."
)
