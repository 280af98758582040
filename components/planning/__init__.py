"""The parts of the page *Plan*: inputs, result, keeping, following up."""
