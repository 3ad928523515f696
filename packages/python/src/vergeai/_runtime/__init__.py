"""What coroutines and threads do differently: ``aio`` and ``threads`` have the same names.

Everything else of the client is written once, as coroutines, in ``_aio``.
"""
