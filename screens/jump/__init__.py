"""Jump mode: letters on the panes and fields of a screen; the letter's key moves the focus there."""
