"""HTTP/1.1 by the standard library: connections that are kept and reused, and one exchange over them."""

from .exchange import Reply, Transport

__all__ = ["Reply", "Transport"]
