"""Read: finds the articles in a folder, a file or a URL, and their sidecars; one small module per format."""
