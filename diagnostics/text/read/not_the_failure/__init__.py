"""Parts of a text that are not the failure to explain: the past, questions, expected denials, mere mentions."""
