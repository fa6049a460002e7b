/** What a browser may open by itself; everything else is only shown. */
export function opens(uri: string): "browser" | "call" | "app" {
  if (/^https?:\/\//i.test(uri)) return "browser";
  return /^(tel|sms|mailto):/i.test(uri) ? "call" : "app";
}
