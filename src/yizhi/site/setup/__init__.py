"""`yizhi setup`: five questions make an installation somebody's city. Asked in the terminal and as a page; what is
answered, checked and done is the same."""
