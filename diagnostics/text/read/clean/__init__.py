"""From whatever was pasted to plain records: wrapped lines joined, escapes and prefixes removed."""
