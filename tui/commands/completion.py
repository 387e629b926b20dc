"""``rolescope completion SHELL``: print the completion script for use in the shell's configuration.

For bash, add ``eval "$(rolescope completion bash)"`` to ``~/.bashrc``; for zsh, the same with ``zsh`` to ``~/.zshrc``;
for fish, add ``rolescope completion fish | source`` to its configuration.
"""

from __future__ import annotations

import argparse

from argcomplete.shell_integration import shellcode

from tui.exit_status import ANSWERED


def run(options: argparse.Namespace) -> int:
    print(shellcode(["rolescope"], shell=options.shell))
    return ANSWERED
