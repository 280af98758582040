"""``python -m geo``."""

from .cli import app

app(prog_name="python -m geo")
