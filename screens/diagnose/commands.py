"""The commands of the Diagnose screen, and a word on its ideas."""

from __future__ import annotations

from screens.commands import Command


def _command(name: str, keys: str, title: str, help: str, *, footer: bool = True, palette: bool = True) -> Command:
    return Command(f"diagnose.{name}", keys, title, help, "This screen", footer, palette=palette)


HERE = (
    _command("run", "ctrl+r,ctrl+enter", "explain", "Explain what is in the box or in the form."),
    _command("edit", "i", "edit", "Put the cursor in the box, or in the form."),
    _command("fixes", "f", "fixes", "Go to the fixes; enter previews one."),
    _command("plan", "p", "plan", "Make the chosen fix a plan: shown first, carried out if you say so, then undone."),
    _command("answer", "a", "answer", "Tell the values of the condition keys that nobody knows."),
    _command("export", "e", "export", "Save or copy the diagnosis: Markdown or JSON, account ids masked if you like."),
    _command("copy", "y", "copy", "Copy what is in attention: the fix, the evidence, the sentence."),
    _command("failures", "l", "list", "The failures of the pasted text, to choose another one."),
    _command("history", "H", "history", "The diagnoses of this run; nothing is kept on disk."),
    _command("recent", "R,ctrl+n", "recent", "The account's latest denials, as CloudTrail tells them, to explain one."),
    _command("form", "ctrl+t", "text/form", "Change between the box and the form."),
    _command("clear", "f2", "clear", "Empty the box and the form.", footer=False),
    _command("back", "escape", "back", "Stop what runs; else close the box, or go back.", footer=False, palette=False),
)

WORDS = (
    "Paste whatever the failing program printed. The steps follow AWS's own order of evaluation: an explicit deny "
    "anywhere decides, then each guardrail must allow, then somebody must grant. Three witnesses are heard: the "
    "message's own words, AWS's policy simulator, and the local engine; the verdict says how sure it is. Fixes are "
    "evaluated with the change in place before they are offered."
)
