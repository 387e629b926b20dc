"""A paste as a sequence: which failure succeeded later, and which one only follows from another.

A failure "works again" where the text shows the success of the same operation on the same thing: the program reports it
for the thing that failed, or the same command has an answer that is no failure. Any other success further down is
quoted and proves nothing. A clean-up call that fails after the call that it cleans up names that call.
"""
