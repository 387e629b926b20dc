"""The commands of the creation, and a word on its ideas."""

from __future__ import annotations

from screens.commands import Command


def _command(name: str, keys: str, title: str, help: str, *, footer: bool = True, palette: bool = True) -> Command:
    return Command(f"create.{name}", keys, title, help, "This screen", footer, palette=palette)


HERE = (
    _command("next", "ctrl+r,pagedown,right_square_bracket", "go on", "The next step, or the plan.", palette=False),
    _command("previous", "pageup,left_square_bracket", "step back", "The step before; nothing is lost.", palette=False),
    _command("edit", "i", "edit", "Put the cursor in the form."),
    _command("look", "ctrl+o", "document/levels", "Show the policy, or what all grant by service and level."),
    _command("taken", "ctrl+g", "who has the name", "What has the name that is taken, and what to do about it."),
    _command("needed", "ctrl+t", "add what it needs", "The statement that an action needs beside it: a role, a key."),
    _command("trusted", "W", "who", "Step 1: who may assume the role.", footer=False),
    _command("permissions", "M", "may", "Step 2: what it may do.", footer=False),
    _command("details", "N", "name", "Step 3: name, path, boundary, tags, description, session.", footer=False),
    _command("check", "C", "check", "Step 4: what would fail, before anything is called.", footer=False),
    _command("copy", "y", "copy", "Copy what the result says to do next."),
    _command("new", "f2", "start again", "Forget what was answered, and begin anew.", footer=False),
    _command("back", "escape", "back", "Out of the form; then the step before.", footer=False, palette=False),
)

WORDS = (
    "Steps: who may assume the role, what it may do, its name and limits, a check, the plan, and a try of the result, "
    "in which the role is assumed once where its trust policy means you. "
    "Nothing is called before the plan is applied. enter goes to the next field, ctrl+r to the next step; escape "
    "leaves the form, so that letters are commands again. Recipes ask for the resource: a role is best scoped to it. "
    "A statement is completed from AWS's actions, resources and condition keys, and from the account's names."
)
