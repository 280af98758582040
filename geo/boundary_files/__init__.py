"""Reading any boundary layer: containers, conventions, repair, and an audit of every row."""
