"""Source eloverblik."""
