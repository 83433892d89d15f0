"""What the pages of the site say: a module for each page or part of one."""
