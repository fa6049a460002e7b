/** The phone's own size of the common signs. */

import { signs } from "../signs";

export type { IconName } from "../signs";

export const Icon = signs(22);
