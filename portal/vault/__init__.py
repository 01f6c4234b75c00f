"""The only place where secrets are encrypted and decrypted."""
