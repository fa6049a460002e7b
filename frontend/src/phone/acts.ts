/** What the person whose phone this is can do, over the control API. */

import { patch, post, remove } from "../api";
import { bot, chat, connected, me } from "../state";
import { told, toast, tried } from "../toasts";
import { encoded, kindOf } from "./files";
import { quoting } from "./ui";
import { say } from "./words";

export const here = (): string => `/bots/${bot.value}/chats/${chat.value}`;

/** Write a message; a quote goes along with what can quote. Tells whether it stands in the chat. */
export async function send(message: Record<string, unknown>): Promise<boolean> {
  if (!connected.value) {
    toast(say("not_connected"), "bad");
    return false;
  }
  const quotes = message.type === "text" || message.type === "sticker";
  const quote = quotes && quoting.value ? { quote: quoting.value } : {};
  try {
    await post(`${here()}/messages`, { ...message, ...quote, user: me.value });
  } catch (error) {
    told(error);
    return false;
  }
  if (quotes) quoting.value = "";
  return true;
}

/** Send files as what they are: pictures, films, sounds, or plain files; `kind` if the person says what they are to be. */
export async function sendFiles(files: Iterable<File>, kind?: ReturnType<typeof kindOf>): Promise<void> {
  const all = [...files];
  const photos = all.filter((file) => (kind ?? kindOf(file.type)) === "image");
  const id = crypto.randomUUID().replaceAll("-", "").toUpperCase();
  for (const file of all) {
    const large = file.size / 1024 / 1024;
    if (large > 50) {
      toast(say("too_large", file.name, large.toFixed(0)), "bad");
      continue;
    }
    if (large > 2) toast(say("sending", file.name));
    // LINE tells the bot which photos were chosen together, and shows them as one picture.
    const set = { id, index: photos.indexOf(file) + 1, total: photos.length };
    await send({ ...(await encoded(file, kind)), ...(photos.length > 1 && set.index > 0 ? { set } : {}) });
  }
}

export const unsend = (id: string): Promise<boolean> => tried(remove(`/messages/${id}`));
export const edit = (id: string, body: object): Promise<boolean> => tried(patch(`/messages/${id}`, body));

/** Any other event of the chat in view. */
export async function happen(kind: string, body: object = {}): Promise<boolean> {
  return tried(post(`/bots/${bot.value}/events`, { kind, chat: chat.value, ...body }));
}

/** Add the bot as a friend or unblock it, or block it. */
export function befriend(user: string, friend: boolean): Promise<boolean> {
  const path = `/bots/${bot.value}/followers/${user}`;
  return tried(friend ? post(path) : remove(path));
}

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(say("copied"), "good");
  } catch {
    toast(say("copy_failed"), "bad");
  }
}
