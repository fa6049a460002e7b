"""The people of the platform and the groups and rooms they sit in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from runtime.errors import BadInput
from runtime.simulator.feed import Feed
from runtime.simulator.values import GROUP_ID, ROOM_ID, USER_ID, Group, Impossible, Missing, User


class People:
    """Users and groups by id."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self.users: dict[str, User] = {}
        self.groups: dict[str, Group] = {}

    def user(self, id: str) -> User:
        """Raises `Missing`."""
        user = self.users.get(id)
        if user is None:
            raise Missing(f"no user {id}")
        return user

    def group(self, id: str) -> Group:
        """Raises `Missing`."""
        group = self.groups.get(id)
        if group is None:
            raise Missing(f"no group or room {id}")
        return group

    def add_user(self, user: User) -> User:
        """Raises `BadInput` when the id is none of LINE's or is taken."""
        if not USER_ID.fullmatch(user.id):
            raise BadInput("a user id is U and 32 hex digits in lower case")
        if user.id in self.users:
            raise Impossible(f"the user {user.id} exists already")
        return self._keep_user(user)

    def change_user(self, id: str, **changes: Any) -> User:
        return self._keep_user(replace(self.user(id), **changes))

    def _keep_user(self, user: User) -> User:
        self.users[user.id] = user
        self._feed.publish("user", {"id": user.id, "name": user.name})
        return user

    def drop_user(self, id: str) -> None:
        """The person deletes their account; they are in no group any more."""
        self.user(id)
        for group in list(self.groups.values()):
            if id in group.members:
                self.change_group(group.id, members=tuple(m for m in group.members if m != id))
        del self.users[id]
        self._feed.publish("user", {"id": id, "gone": True})

    def add_group(self, group: Group) -> Group:
        """Raises `BadInput` when the id does not fit the kind, is taken, or a member does not exist."""
        form = GROUP_ID if group.kind == "group" else ROOM_ID
        if not form.fullmatch(group.id):
            raise BadInput("a group id is C, a room id R, and 32 hex digits in lower case")
        if group.id in self.groups:
            raise Impossible(f"{group.id} exists already")
        for member in group.members:
            self.user(member)
        return self._keep_group(group)

    def change_group(self, id: str, **changes: Any) -> Group:
        return self._keep_group(replace(self.group(id), **changes))

    def _keep_group(self, group: Group) -> Group:
        self.groups[group.id] = group
        self._feed.publish("group", {"id": group.id, "name": group.name, "members": list(group.members)})
        return group
