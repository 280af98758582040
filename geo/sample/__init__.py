"""The synthetic sample of Kabupaten Barito Utara."""
