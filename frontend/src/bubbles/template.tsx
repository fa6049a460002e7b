/** The four templates: https://developers.line.biz/en/reference/messaging-api/#template-messages */

import { Picture } from "./picture";
import { color, isRecord, list, record, text } from "./read";
import type { Loose } from "./read";
import { Scroller } from "./scroller";
import { named, useTap } from "./taps";
import { Unknown } from "./unknown";

export function Template({ message }: { message: Loose }) {
  const template = record(message.template);
  const label = text(message.altText);
  switch (template.type) {
    case "buttons":
      return <Card card={template} look={template} label={label} />;
    case "confirm":
      return <Confirm template={template} label={label} />;
    case "carousel":
      return <Columns template={template} label={label} />;
    case "image_carousel":
      return <Images template={template} label={label} />;
    default:
      return <Unknown message={message} />;
  }
}

/** `look` holds the shape of the images: the card itself in buttons, the whole template in carousels. */
function Card({ card, look, label }: { card: Loose; look: Loose; label: string }) {
  const tap = useTap(card.defaultAction);
  const image = text(card.thumbnailImageUrl);
  const shape = look.imageAspectRatio === "square" ? "is-square" : "is-rectangle";
  return (
    <section class="bubble-template" aria-label={label}>
      <div class="bubble-template-top" {...tap}>
        {image && (
          <div class={`bubble-thumbnail ${shape}`} style={{ backgroundColor: color(card.imageBackgroundColor) ?? "#ffffff" }}>
            <Picture url={image} alt="" fit={look.imageSize === "contain" ? "contain" : "cover"} />
          </div>
        )}
        <div class="bubble-template-words">
          {text(card.title) && <b>{text(card.title)}</b>}
          <p>{text(card.text)}</p>
        </div>
      </div>
      <Actions given={card.actions} />
    </section>
  );
}

function Actions({ given, class: own = "bubble-actions" }: { given: unknown; class?: string }) {
  return (
    <div class={own}>
      {list(given)
        .filter(isRecord)
        .map((action, index) => (
          <Action key={index} action={action} />
        ))}
    </div>
  );
}

function Action({ action }: { action: Loose }) {
  const tap = useTap(action);
  return (
    <div class="bubble-action" {...tap}>
      {text(action.label) || named(action)}
    </div>
  );
}

function Confirm({ template, label }: { template: Loose; label: string }) {
  return (
    <section class="bubble-template is-confirm" aria-label={label}>
      <p class="bubble-template-words">{text(template.text)}</p>
      <Actions given={template.actions} class="bubble-actions is-beside" />
    </section>
  );
}

function Columns({ template, label }: { template: Loose; label: string }) {
  const cards = list(template.columns)
    .filter(isRecord)
    .map((column, index) => <Card key={index} card={column} look={template} label={text(column.title)} />);
  return <Scroller label={label} cards={cards} class="is-columns" />;
}

function Images({ template, label }: { template: Loose; label: string }) {
  const cards = list(template.columns)
    .filter(isRecord)
    .map((column, index) => <Tile key={index} column={column} />);
  return <Scroller label={label} cards={cards} class="is-images" />;
}

function Tile({ column }: { column: Loose }) {
  const action = record(column.action);
  const tap = useTap(column.action, named(action));
  return (
    <div class="bubble-tile" {...tap}>
      <Picture url={column.imageUrl} alt="" />
      {text(action.label) && <span>{text(action.label)}</span>}
    </div>
  );
}
