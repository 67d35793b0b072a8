"""Each source system's own way of writing the fictional world down."""
