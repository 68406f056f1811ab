"""A large catalog for measuring: made of words and chances, and written past the services as fast as databases take it."""
