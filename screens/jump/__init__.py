"""Letters on the panes and fields of a screen: the letter goes there."""
