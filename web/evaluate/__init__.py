"""The Evaluate view: questions with known answers in, how often the library is answered from rightly out."""
