"""What answers amount to: quantities, dates and names in nine languages, and when two of them say the same."""
