"""What many tests share: tables and files made by hand, and a browser."""
