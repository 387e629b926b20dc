"""A role that is being thought out: what was typed, what is wrong with it, what helps at each field."""
