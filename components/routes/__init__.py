"""HTTP routes beside the page: figures of tooltips, and shapes."""
