// A tour through every operation of LINE's API with the official SDK for Node.js, unchanged but for its host.
// Takes what it needs to know as JSON in its only argument and prints what it saw as JSON.

import { createServer } from "node:http";
import { LineBotClient, HTTPFetchError, channelAccessToken, messagingApi, middleware, validateSignature } from "@line/bot-sdk";

const { url, token, secret, id, mai, ken, club, lounge, assertion } = JSON.parse(process.argv[2]);
const TEXT = { type: "text", text: "hi" };
const DAY = "20261231";
const GRANT = "client_credentials";
const BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const got = {};
const refused = {};

const { MessagingApiClient, MessagingApiBlobClient } = messagingApi;
const { ChannelAccessTokenClient } = channelAccessToken;
const clients = [
  new MessagingApiClient({ channelAccessToken: token, baseURL: url }),
  new MessagingApiBlobClient({ channelAccessToken: token, baseURL: url }),
  new ChannelAccessTokenClient({ channelAccessToken: token, baseURL: url }),
];

/** Call an operation by name, on whichever of the SDK's clients has it. */
async function ask(name, ...args) {
  const client = clients.find((one) => name in one);
  got[name] = await client[name](...args);
  return got[name];
}

/** What the SDK throws for a call that LINE refuses. */
async function refuse(called, call) {
  try {
    await call();
    refused[called] = "went through";
  } catch (error) {
    const { name, status, body, headers } = error;
    const ours = error instanceof HTTPFetchError;
    refused[called] = { name, ours, status, body: JSON.parse(body), id: headers?.get("x-line-request-id") };
  }
}

/** What a person with LINE's app does, over the control API. */
async function control(method, path, body) {
  const response = await fetch(`${url}/simulator/api${path}`, { method, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

const bytes = async (stream) => Buffer.concat(await stream.toArray());
const say = (message, chat = mai) => control("POST", `/bots/shop/chats/${chat}/messages`, message);

/** A bot as the SDK's guide builds one: its middleware checks the signature and reads the body. */
async function webhook() {
  const seen = [];
  const waiting = [];
  const take = middleware({ channelSecret: secret });
  const server = createServer((request, response) => {
    take(request, response, (error) => {
      response.writeHead(error ? 401 : 200).end();
      seen.push({ error: error?.name ?? null, destination: request.body?.destination, events: request.body?.events });
      waiting.shift()?.();
    });
  });
  await new Promise((up) => server.listen(0, "127.0.0.1", up));
  const next = () => new Promise((heard) => waiting.push(heard));
  return { server, seen, next, url: `http://127.0.0.1:${server.address().port}/` };
}

async function hearing(bot) {
  await control("PATCH", "/bots/shop", { webhook_url: bot.url });
  const acts = [
    () => say({ type: "text", text: "hello (moon) 日本語 ﷽" }),
    () => say({ type: "sticker", package: "446", sticker: "1988" }),
    () => say({ type: "location", latitude: 35.68, longitude: 139.76, title: "Tea", address: "Tokyo" }),
    () => control("POST", "/bots/shop/events", { kind: "postback", chat: mai, data: "a=1" }),
    () => control("DELETE", `/bots/shop/followers/${mai}`),
    () => control("POST", `/bots/shop/followers/${mai}`),
    () => say({ type: "text", text: "in a group", user: ken }, club),
  ];
  for (const act of acts) {
    const heard = bot.next();
    await act();
    await heard;
  }
  const heard = bot.next(); // somebody who is not LINE
  const forged = await fetch(bot.url, { method: "POST", body: "{}", headers: { "x-line-signature": "AAAA" } });
  await heard;
  return forged.status;
}

async function sending(bot) {
  const heard = bot.next();
  await say({ type: "text", text: "answer me" });
  await heard;
  const event = bot.seen.at(-1).events[0];
  const reply = { replyToken: event.replyToken, messages: [TEXT] };
  await ask("replyMessage", reply);
  await refuse("a spent reply token", () => clients[0].replyMessage(reply));
  await ask("pushMessage", { to: mai, messages: [TEXT], customAggregationUnits: ["unit"] }, crypto.randomUUID());
  await ask("multicast", { to: [mai, ken], messages: [TEXT] }, crypto.randomUUID());
  await ask("broadcast", { messages: [TEXT] }, crypto.randomUUID());
  await ask("narrowcast", { messages: [TEXT] });
  const { httpResponse } = await clients[0].narrowcastWithHttpInfo({ messages: [TEXT] }, crypto.randomUUID());
  await ask("getNarrowcastProgress", httpResponse.headers.get("x-line-request-id"));
  for (const kind of ["Reply", "Push", "Multicast", "Narrowcast", "Broadcast"]) {
    await ask(`validate${kind}`, { messages: [TEXT] });
  }
  await ask("showLoadingAnimation", { chatId: mai, loadingSeconds: 5 });
  await ask("markMessagesAsReadByToken", { markAsReadToken: event.message.markAsReadToken });
  await ask("markMessagesAsRead", { chat: { userId: mai } });
  await ask("pushMessagesByPhone", { to: "a".repeat(64), messages: [TEXT] }, "delivery-tag-0001");
}

async function people() {
  await ask("getProfile", mai);
  await ask("getFollowers", undefined, 100);
  await ask("getGroupSummary", club);
  await ask("getGroupMemberCount", club);
  await ask("getGroupMembersIds", club);
  await ask("getGroupMemberProfile", club, ken);
  await ask("getRoomMemberCount", lounge);
  await ask("getRoomMembersIds", lounge);
  await ask("getRoomMemberProfile", lounge, ken);
  await ask("issueLinkToken", mai);
  await ask("leaveGroup", club);
  await ask("leaveRoom", lounge);
  await control("POST", "/bots/shop/events", { kind: "membership", chat: mai, id: 3 });
  await ask("getMembershipList");
  await ask("getMembershipSubscription", mai);
  await ask("getJoinedMembershipUsers", 3, undefined, 10);
}

async function channel(bot) {
  await ask("getBotInfo");
  await ask("getMessageQuota");
  await ask("getMessageQuotaConsumption");
  for (const kind of ["Reply", "Push", "Multicast", "Broadcast"]) await ask(`getNumberOfSent${kind}Messages`, DAY);
  await ask("getPNPMessageStatistics", DAY);
  await ask("getAggregationUnitUsage");
  await ask("getAggregationUnitNameList", "10");
  await ask("testWebhookEndpoint", { endpoint: bot.url });
  await ask("setWebhookEndpoint", { endpoint: "https://bot.test/line" });
  await ask("getWebhookEndpoint");
  const { couponId } = await ask("createCoupon", {
    acquisitionCondition: { type: "normal" },
    startTimestamp: 1,
    endTimestamp: 2,
    maxUseCountPerTicket: 1,
    title: "Tea",
    visibility: "PUBLIC",
    timezone: "ASIA_TOKYO",
  });
  await ask("listCoupon", new Set(["RUNNING"]));
  await ask("getCouponDetail", couponId);
  await ask("closeCoupon", couponId);
}

async function menus() {
  const area = { bounds: { x: 0, y: 0, width: 1250, height: 843 }, action: { type: "message", label: "Hi", text: "hi" } };
  const size = { width: 2500, height: 843 };
  const menu = { size, selected: true, name: "main", chatBarText: "Menu", areas: [area] };
  await ask("validateRichMenuObject", menu);
  const { richMenuId } = await ask("createRichMenu", menu);
  await ask("setRichMenuImage", richMenuId, new Blob(["a picture"], { type: "image/png" }));
  got.getRichMenuImage = String(await bytes(await clients[1].getRichMenuImage(richMenuId)));
  await ask("getRichMenu", richMenuId);
  await ask("getRichMenuList");
  await ask("setDefaultRichMenu", richMenuId);
  await ask("getDefaultRichMenuId");
  await ask("cancelDefaultRichMenu");
  await ask("linkRichMenuIdToUser", mai, richMenuId);
  await ask("getRichMenuIdOfUser", mai);
  await ask("unlinkRichMenuIdFromUser", mai);
  await ask("linkRichMenuIdToUsers", { richMenuId, userIds: [mai] });
  await ask("unlinkRichMenuIdFromUsers", { userIds: [mai] });
  await ask("createRichMenuAlias", { richMenuAliasId: "a", richMenuId });
  await ask("updateRichMenuAlias", "a", { richMenuId });
  await ask("getRichMenuAlias", "a");
  await ask("getRichMenuAliasList");
  await ask("deleteRichMenuAlias", "a");
  const batch = { operations: [{ type: "unlinkAll" }] };
  await ask("validateRichMenuBatchRequest", batch);
  await ask("richMenuBatch", batch);
  const { httpResponse } = await clients[0].richMenuBatchWithHttpInfo(batch);
  await ask("getRichMenuBatchProgress", httpResponse.headers.get("x-line-request-id"));
  await ask("deleteRichMenu", richMenuId);
}

async function content() {
  const kept = await say({ type: "video" });
  const message = kept.entries[0].id;
  const blob = clients[1];
  got.getMessageContent = (await bytes(await blob.getMessageContent(message))).toString("latin1", 4, 8);
  got.getMessageContentPreview = (await bytes(await blob.getMessageContentPreview(message))).toString("latin1", 1, 4);
  await ask("getMessageContentTranscodingByMessageId", message);
  await control("DELETE", `/messages/${message}`);
  await refuse("content of an unsent message", () => blob.getMessageContent(message));
}

async function tokens() {
  const short = await ask("issueChannelToken", GRANT, id, secret);
  await ask("verifyChannelToken", short.access_token);
  await ask("revokeChannelToken", short.access_token);
  const long = await ask("issueChannelTokenByJWT", GRANT, BEARER, assertion);
  await ask("getsAllValidChannelAccessTokenKeyIds", BEARER, assertion);
  await ask("verifyChannelTokenByJWT", long.access_token);
  await ask("revokeChannelTokenByJWT", id, secret, long.access_token);
  await ask("issueStatelessChannelToken", GRANT, undefined, undefined, id, secret);
  await ask("issueStatelessChannelTokenByJWTAssertion", assertion);
  await ask("issueStatelessChannelTokenByClientSecret", id, secret);
}

async function errors() {
  const [api] = clients;
  const key = crypto.randomUUID();
  await api.pushMessage({ to: mai, messages: [TEXT] }, key);
  await refuse("a repeated push", () => api.pushMessage({ to: mai, messages: [TEXT] }, key));
  await refuse("no text", () => api.pushMessage({ to: mai, messages: [{ type: "text", text: "" }] }));
  await refuse("nobody", () => api.getProfile("U" + "0".repeat(32)));
  const stranger = new MessagingApiClient({ channelAccessToken: "wrong", baseURL: url });
  await refuse("a wrong token", () => stranger.getBotInfo());
  for (const kind of ["rate_limit", "monthly_quota", "server_error"]) {
    await control("POST", "/faults", { kind });
    await refuse(kind, () => api.pushMessage({ to: mai, messages: [TEXT] }));
  }
}

/** The one client for everything that newer versions of the SDK offer. */
async function together() {
  const client = LineBotClient.fromChannelAccessToken({ channelAccessToken: token, apiBaseURL: url, dataApiBaseURL: url });
  return [(await client.getProfile(ken)).displayName, (await client.getBotInfo()).displayName];
}

/** Names of all public operations of a client. */
function operations(client) {
  const helpers = new Set(["constructor", "parseHTTPResponse"]);
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(client));
  return names.filter((name) => !name.endsWith("WithHttpInfo") && !helpers.has(name));
}

const bot = await webhook();
const forged = await hearing(bot);
for (const part of [sending, people, channel, menus, content, tokens, errors]) await part(bot);
const said = Buffer.from("{}");
const saw = {
  got,
  refused,
  forged,
  hooks: bot.seen,
  together: await together(),
  operations: clients.flatMap(operations),
  forgery: validateSignature(said, secret, "AAAA"),
};
bot.server.close();
bot.server.closeAllConnections();
process.stdout.write(JSON.stringify(saw));
