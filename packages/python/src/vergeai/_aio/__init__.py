"""The client as coroutines: the source of both."""
