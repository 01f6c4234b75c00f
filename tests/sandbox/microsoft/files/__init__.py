"""What OneDrive and SharePoint hold: sites, drives, items with all their versions, permissions, recycle bins."""
