"""What actions on files have in common in every app: the decisions and the words. A connector gives the vendor's calls.

Each module holds one subject; docs/architecture.md tells how a connector with files uses them.
"""
