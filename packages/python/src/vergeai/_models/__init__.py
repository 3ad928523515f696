"""Models: dictionaries of tensors, in memory and as JSON or safetensors."""
