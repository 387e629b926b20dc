"""Read a text in order: find which failed call succeeded later, and which failure only follows from another.

A failure is over if the text shows that the same operation on the same resource succeeded: the program reports it for
the resource that failed, or the same command has output without a failure. Any other later success is quoted and proves
nothing. A failed clean-up call names the call that it cleans up after.
"""
