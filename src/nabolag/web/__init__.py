"""The web application: pages read a release; readers' reports live in a relational database."""
