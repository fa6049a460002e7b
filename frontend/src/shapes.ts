/** What the simulator sends: people, groups, chats and what stands in them. See docs/reference/simulator.md. */

export interface Bot {
  name: string;
  display_name: string;
  picture: string;
  webhook_url: string;
  webhook: boolean;
  chat_mode: "bot" | "chat";
  read_mode: "auto" | "manual";
  quota: number | null;
  billed: number;
  /** How many rich menus it has. */
  menus: number;
  standby: boolean;
  suspended: boolean;
  redelivery: boolean;
  timeout: number;
  batch: number;
  copies: number;
  hold: boolean;
  channel_secret: string;
  access_token: string;
  /** Chats in which another module speaks. */
  standby_chats: string[];
}

export type Relation = "friend" | "blocked" | "none";

export interface User {
  id: string;
  name: string;
  language: string;
  picture: string;
  status_message: string;
  relation: Relation;
  consent: boolean;
  relations: Record<string, Relation>;
}

export interface Group {
  id: string;
  kind: "group" | "room";
  name: string;
  members: string[];
  bot: string;
  picture: string;
}

/** A LINE action object: its `type` decides which of the others are there. */
export interface Action {
  type: string;
  label?: string;
  text?: string;
  data?: string;
  displayText?: string;
  uri?: string;
  mode?: "date" | "time" | "datetime";
  initial?: string;
  min?: string;
  max?: string;
  clipboardText?: string;
  inputOption?: string;
  fillInText?: string;
  richMenuAliasId?: string;
}

/** A tappable part of a message, in the order of the control API: `index` is what `tap` takes. */
export interface Button {
  index: number;
  place: string;
  label: string;
  action: Action;
  icon?: string;
}

/** A LINE message object as it was sent or as a webhook shows it. */
export type Message = Record<string, unknown> & { type: string };

export interface Entry {
  rev: number;
  id: string;
  bot: string;
  chat: string;
  /** "bot", or the id of a person. */
  who: string;
  via: "user" | "tap" | "reply" | "push" | "multicast" | "broadcast" | "narrowcast" | "pnp" | "note";
  at: number;
  state: "sent" | "edited" | "unsent";
  message: Message;
  quoted?: string;
  buttons?: Button[];
  /** A quick reply of this message was chosen: they are gone. */
  tapped?: boolean;
}

/** A rich menu with its areas as buttons, in the same order. */
export interface Menu {
  richMenuId: string;
  name: string;
  selected: boolean;
  chatBarText: string;
  size: { width: number; height: number };
  areas: { bounds: { x: number; y: number; width: number; height: number }; action: Action }[];
  buttons: Button[];
}
