"""Files to take along: GeoJSON, XLSX, CSV."""
