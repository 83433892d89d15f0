"""Names, links and addresses on the pages, and HTML that was made elsewhere."""
