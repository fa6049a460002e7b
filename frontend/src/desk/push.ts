/** Offers reach this browser although no desk is open: it tells the server where. */

import { ask, post } from "./api";

/** Base64url as bytes, as browsers want the server's key. */
export function bytesOf(key: string): Uint8Array<ArrayBuffer> {
  const plain = atob(key.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(key.length / 4) * 4, "="));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

export async function subscribe(key: string): Promise<void> {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const registration = await navigator.serviceWorker.register("./worker.js", { scope: "/desk/" });
  const found = await registration.pushManager.getSubscription();
  const subscription = found ?? (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) }));
  await post("/push", { subscription: subscription.toJSON() });
}

/** This browser hears nothing any more while no desk is open in it. */
export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration("/desk/");
  const found = await registration?.pushManager?.getSubscription();
  if (!found) return;
  await ask("DELETE", "/push", { endpoint: found.endpoint });
  await found.unsubscribe();
}
