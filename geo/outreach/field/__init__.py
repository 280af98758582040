"""A saved plan taken to the field: a page for phones, files for other programs, results back."""
