"""The web server under the application: what a connection may cost before it proved whose it is."""
