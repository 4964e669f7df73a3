"""In: labelled question answering sets and the encoder's weights. Out: the weights of the reader-reranker."""
