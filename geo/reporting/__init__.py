"""What a view shows, in sentences and pieces of HTML."""
