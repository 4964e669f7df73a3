"""Questions with known answers in, graded reports out."""
