"""The Library view: what the library holds, how well it could be read, what is added and removed."""
