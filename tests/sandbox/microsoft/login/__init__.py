"""login.microsoftonline.com: the admin's consent, and tokens for applications."""
