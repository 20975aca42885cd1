"""Pages of the back office that need several folders. Who opens which stands in `frame.PAGES`."""
