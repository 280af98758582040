"""The command line: one file a command, a thin shell over the other packages."""
