"""Django's own admin on our tables, set up as somebody would who knows it well."""
