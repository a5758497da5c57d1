"""Judged collections, runs, measures and comparisons: how well a system matches, and for whom."""
