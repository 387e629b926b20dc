"""Messages whose words alone indicate their common cause, by service or program."""
