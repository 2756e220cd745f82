"""The demo: a post office of our own and sample applications, so that everything is seen to work without any server."""
