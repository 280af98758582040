"""Two lists of people against each other: who of the candidates is enrolled, and who is not.

Everything here holds identities. It is worked out in memory, and nothing of it is written to a
disk, a cache or a log; only counts by village and segment leave the package for the workspace.
"""
