"""Fragments of patterns for terminal output: prompts, a command's profile, and words saying that a command succeeded.

AWS CLI User Guide, "Configuration and credential file settings" (--profile, AWS_PROFILE and AWS_DEFAULT_PROFILE:
https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html).
"""

from __future__ import annotations

from iam.lazy_pattern import regex

PROMPT = r"[^\n$#>%]{0,60}[$#>%] +"
"""The shell's prompt: everything on the line before the command."""
UNQUOTED_PROMPT = r"[^\n]{0,60}[$#%\u276f] +"
"""Like `PROMPT`, without the mark ``>``, which also begins quoted lines."""
TYPED = rf"(?:{UNQUOTED_PROMPT}|\+{{1,2}} )"
"""The text before a command: a prompt, or the mark of a shell that traces its commands (set -x)."""
WORKED = r"(?<!n['’]t )(?<!not )(?<!never )(?<!no longer )(?:works?|worked|fine|ok|succeeds|succeeded)"
"""Pattern of words that say that a command succeeded. Negated forms do not match. Match it ignoring case."""
_NAME = r"(?P<name>[\w.@+-]{1,64})"
PROFILE_OPTION = regex(rf"(?<![\w-])--profile[ =]{_NAME}")
"""The profile that a command names; a variable (``$PROFILE``) does not match."""
PROFILE_VARIABLE = regex(rf"\bAWS_(?:DEFAULT_)?PROFILE=[\"']?{_NAME}")
"""The profile that an environment variable sets."""
