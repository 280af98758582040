"""What is printed and handed over: atlas, briefing, and the map as a picture."""
