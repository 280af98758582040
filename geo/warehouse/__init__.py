"""Records where they are: counted by the engine that holds them, so that only counts leave."""
