"""What stands around every main screen: the header, the way between panes, the reason why a key does not work now."""
