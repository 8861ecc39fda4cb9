"""Invigil's application code: rules, use cases, storage, adapters and the HTTP routes over them."""
