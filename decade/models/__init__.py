"""What numbers say about the years ahead: one model a file, numpy and scipy only."""
