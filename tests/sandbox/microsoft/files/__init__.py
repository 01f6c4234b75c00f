"""What OneDrive and SharePoint hold: sites, drives, items with all their versions, permissions, recycle bins.

Graph shows it in the modules graph/drive*.py and graph/sites.py, SharePoint in the package sharepoint.

Not simulated, or not known:
- Lists and list items, deltas of sites, personal and consumer drives, packages' contents, thumbnails, search,
  check-out, retention and sensitivity labels, quotas, `permissions/{id}/grant`, `/shares`, `$batch`.
- Opening a link: its password and its end are kept, and nobody asks for them. What has expired stays listed.
- Sharing a file in Graph breaks SharePoint's inheritance; here permissions of an item's own come on top of what it
  inherits, unless `is_unique` is set.
- Copies are made at once, whatever their address says; a replaced file goes to the recycle bin (unverified).
- Things leave the recycle bin when somebody asks, never by time.
- Sharing counts with `createLink`, `invite` and changing or deleting a permission: the calls that count for the limit
  are not listed anywhere. Daily limits of resource units are not kept.
- Codes of refusals that the documents leave open: resourceLocked, resourceModified, malwareDetected (unverified).
"""
