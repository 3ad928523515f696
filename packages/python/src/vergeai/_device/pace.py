"""How often a device does what it does, in seconds."""

SHORTEST_ROUND = 0.5
"""Something between may answer a long poll at once, and a server that contradicts itself may offer a job that is over: a
device must not ask in a tight loop."""
SHORTEST_BEAT = 0.2
LONGEST_BEAT = 20.0
REPORT_EVERY = 2.0
