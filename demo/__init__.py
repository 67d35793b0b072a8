"""A fictional world to try the warehouse on: generator, truth and simulated sources."""
