"""Models that read: question and passage in, logits of relevance and of the answer's place out."""
