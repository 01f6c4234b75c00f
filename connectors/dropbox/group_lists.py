"""The lists of groups and of who is in them."""

from connectors.dropbox.reading import Listing

GROUP_LIST = Listing("team/groups/list", "team/groups/list/continue", "groups", ("group_id",))
PEOPLE_LIST = Listing("team/groups/members/list", "team/groups/members/list/continue", "members", ("profile",))
