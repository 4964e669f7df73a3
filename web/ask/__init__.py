"""The Ask view: questions and their answers as a conversation."""
