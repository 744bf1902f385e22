"""Words and wishes in; exchanges of the minutes, best first, out."""
