import { groups, people } from "../state";
import { Avatar, colourOf } from "./avatar";
import { Icon } from "./icons";

/** A group's picture, or the pictures of its first members, as LINE shows groups without one. */
export function GroupAvatar({ id, size }: { id: string; size: number }) {
  const group = groups.value.find((one) => one.id === id);
  if (group?.picture) return <Avatar id={id} name={group.name} picture={group.picture} size={size} />;
  const some = (group?.members ?? []).slice(0, 3).flatMap((member) => people.value.get(member) ?? []);
  const box = { width: `${size}px`, height: `${size}px` };
  if (some.length < 2) {
    return (
      <span class="avatar" style={{ ...box, background: colourOf(id) }} aria-hidden="true">
        <Icon name="people" size={Math.round(size * 0.6)} />
      </span>
    );
  }
  return (
    <span class="avatar-many" style={box} aria-hidden="true">
      {some.map((user) => (
        <Avatar key={user.id} id={user.id} name={user.name} picture={user.picture} size={Math.round(size * 0.52)} />
      ))}
    </span>
  );
}
