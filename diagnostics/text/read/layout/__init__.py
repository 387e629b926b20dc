"""How a text is laid out: tables, log lines, records, times, and what a shell prints."""
