"""What a device knows, whichever way it calls."""
