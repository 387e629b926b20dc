"""The commands that work on every screen."""

from __future__ import annotations

from screens.commands import Command, half_done

EVERYWHERE = (
    Command("app.roles", "1", "roles", "The list of roles.", "Everywhere"),
    Command("app.diagnose", "2", "diagnose", "Paste an error and see why it happened.", "Everywhere"),
    Command("app.create", "3", "create", "Create a role, step by step.", "Everywhere"),
    Command("app.review", "4", "review", "Review the account's least privilege.", "Everywhere", palette=False),
    Command("app.activity", "5", "activity", "Every AWS call of this run.", "Everywhere"),
    Command(
        "app.palette", "ctrl+p,colon", "palette", "Every command, and every role by name.", "Everywhere", palette=False
    ),
    Command("app.read-again", "r", "read again", "Read the account anew.", "Everywhere"),
    Command("app.switch-account", "P", "profile", "Choose another profile or region.", "Everywhere"),
    Command(
        "app.troubles", "!", "what went wrong", "What could not be read, and what failed in this run.", "Everywhere"
    ),
    Command(
        "app.half-done",
        "U",
        "half-done change",
        "A change that was stopped in the middle: go on with it, or roll it back.",
        "Everywhere",
        allowed=half_done,
    ),
    Command("app.redraw", "ctrl+l", "redraw", "Draw the screen anew, should the terminal show rubbish.", "Everywhere"),
    Command("app.quit", "q,ctrl+q", "quit", "Leave rolescope.", "Everywhere"),
    Command("app.quit-now", "ctrl+c", "quit", "Leave rolescope.", "Everywhere", palette=False, priority=True),
    Command("app.keys", "?", "keys", "The keys of this screen, and a word on its ideas.", "Everywhere", True),
)
