"""The mapping workbench: what a municipality's account rules cover, what they miss, and how to write more of them."""
