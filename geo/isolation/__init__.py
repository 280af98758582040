"""Reading of files from strangers in a process of its own, with limits.

`geo.isolation.process.run_isolated` runs one function in a child process that may use so much
memory and time, reaches no network, and opens no file but those it was given. The child dies
alone; its caller gets the result, or one sentence that says which limit was met.
"""
