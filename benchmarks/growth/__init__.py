"""How the cost of a search grows: with activities, with the radius, with how many are matched together."""
