"""The device side: everything but the training."""
