"""The steps of the page "Data": choose, columns, report, spellings, save."""
