"""The geometry store: shapes prepared once, as small files that a browser keeps."""
