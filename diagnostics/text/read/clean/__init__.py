"""Turn any pasted text into plain records: join wrapped lines, remove escapes and prefixes."""
