"""What everything else stands on: errors, codes, privacy, segments, files, languages, words."""
