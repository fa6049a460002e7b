import type { Loose } from "./read";
import { text } from "./read";
import { say } from "./words";

/** A coupon of the account: the message holds only its id, the rest is LINE's. */
export function Coupon({ message }: { message: Loose }) {
  return (
    <section class="bubble-coupon" aria-label={`${say("coupon")} ${text(message.couponId)}`}>
      <div class="bubble-coupon-art" aria-hidden="true">
        %
      </div>
      <b>{say("coupon")}</b>
      <code>{text(message.couponId)}</code>
      {text(message.deliveryTag) && <small>{text(message.deliveryTag)}</small>}
      <span class="bubble-coupon-use">{say("coupon_use")}</span>
    </section>
  );
}
