"""The row for permissions of the operating system."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

OPERATING_SYSTEMS: tuple[System, ...] = (
    made_system(
        "the operating system",
        "Check the owner and the mode of the file, and the user that the program runs as.",
        r"EACCES|EPERM|avc:\s+denied|Errno\s+13\]|\(13:\s+Permission\s+denied\)|Operation\s+not\s+permitted|:\s+[Pp]ermission\s+denied\s*$"
        r"|[Pp]ermission\s+denied:\s+'|[Pp]ermission\s+denied$|Access\s+to\s+the\s+path\s+['\"].{1,300}\s+is\s+denied"
        r"|[A-Z]:\\\S{0,300}[^\n]{0,80}Access\s+is\s+denied|error\s+5:?\s+Access\s+is\s+denied|java\.nio\.file\.AccessDeniedException:\s+/|permission\s+denied\s+while\s+trying\s+to\s+connect|not\s+in\s+the\s+sudoers\s+file"
        r"|NT_STATUS_ACCESS_DENIED"
        r"|\b(?:useradd|groupadd|adduser|addgroup):[^\n]{0,200}\balready\s+exists",
        "eacces",
        "avc:",
        "eperm",
        "errno 13",
        "operation not permitted",
        "permission denied",
        "is denied",
        "already exists",
        "not in the sudoers file",
        "nt_status_access_denied",
        "java.nio.file.accessdenied",
        unless=r"error\s+occurred\s+\(\w*Denied\w*\)\s+when\s+calling|\b40[13]\b|\bsftp>|\bremote\s+open\(",
    ),
)
