"""Pages: errands, visits, what is near by, who looks after a grid."""
