"""The client. What is in _sync is made from what is in _aio."""
