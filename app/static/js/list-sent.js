// @ts-check
/** On the page of a list: if it was typed in this tab, its draft is not needed any more. */

import { dropSentDraft } from "./list-draft.js";

dropSentDraft();
