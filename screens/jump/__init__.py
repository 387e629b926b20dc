"""Jump mode: letters appear on the panes and fields of a screen, and the key of a letter moves the focus there."""
