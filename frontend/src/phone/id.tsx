import { copy } from "./acts";
import { say } from "./words";

/** The id as LINE's API knows it, to be copied. */
export function Id({ id }: { id: string }) {
  return (
    <div class="sheet-row id">
      <span class="sheet-hint">{say("their_id")}</span>
      <code>{id}</code>
      <button type="button" class="button" onClick={() => void copy(id)}>
        {say("copy")}
      </button>
    </div>
  );
}
