"""Coverage, gaps and classes of any area and filter: dataset, query, view, ranking."""
