"""Tables of workers: any spreadsheet read row by row, and the reference tables beside them."""
