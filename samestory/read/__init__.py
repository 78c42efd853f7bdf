"""Read: from a folder, a file or a URL to the articles in it; sidecars; one small module per format."""
