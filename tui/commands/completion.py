"""``rolescope completion SHELL``: print the completion script, for the shell's configuration.

``eval "$(rolescope completion bash)"`` in ``~/.bashrc``, the same with ``zsh`` in ``~/.zshrc``, and ``rolescope
completion fish | source`` in fish's configuration.
"""

from __future__ import annotations

import argparse

from argcomplete.shell_integration import shellcode

from tui.exit_status import ANSWERED


def run(options: argparse.Namespace) -> int:
    print(shellcode(["rolescope"], shell=options.shell))
    return ANSWERED
