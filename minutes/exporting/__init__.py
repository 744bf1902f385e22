"""Records to the shapes that leave the house."""
