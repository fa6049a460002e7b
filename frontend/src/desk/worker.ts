/** Shows what the server pushes while no desk is open. */

interface Worker extends EventTarget {
  registration: { showNotification: (title: string, options: NotificationOptions) => Promise<void> };
  clients: {
    matchAll: (options: { type: "window" }) => Promise<readonly Window[]>;
    openWindow: (url: string) => Promise<unknown>;
  };
}
interface Window {
  url: string;
  focus: () => Promise<unknown>;
  postMessage: (message: unknown) => void;
}
interface Waiting extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}
const worker = self as unknown as Worker;

worker.addEventListener("push", (event) => {
  const { data } = event as Event & { data?: { json: () => { title?: string; body?: string; case?: string } } };
  const told = read(data);
  (event as Waiting).waitUntil(
    worker.registration.showNotification(told.title ?? "Noren", { body: told.body ?? "", tag: told.case ?? "", icon: "/desk/icon.svg" }),
  );
});

function read(data: { json: () => { title?: string; body?: string; case?: string } } | undefined) {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

worker.addEventListener("notificationclick", (event) => {
  (event as Event & { notification?: { close: () => void } }).notification?.close();
  (event as Waiting).waitUntil(
    worker.clients.matchAll({ type: "window" }).then((all) => {
      const open = all.find((one) => new URL(one.url).pathname.startsWith("/desk/"));
      const named = (event as Event & { notification?: { tag: string } }).notification?.tag ?? "";
      open?.postMessage({ open: named });
      return open ? open.focus() : worker.clients.openWindow(named ? `/desk/#/case/${encodeURIComponent(named)}` : "/desk/");
    }),
  );
});

export {};
