"""What is true of each municipality and year: every measure, summed from the model and from no written file."""
