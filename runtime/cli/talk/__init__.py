"""What `noren chat` is made of: a room at the simulator, bubbles, a prompt, and the acts of a person."""
