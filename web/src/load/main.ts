// The load log's pages: fresh numbers, and charts of what the exports say. Each page works without.

import { drawHistory, drawRun } from "./charts";
import { follow } from "./live";
import { keepFresh } from "./refresh";

for (const part of document.querySelectorAll<HTMLElement>("[data-load-events]")) follow(part);
keepFresh();
for (const part of document.querySelectorAll<HTMLElement>("[data-charts]")) {
  if (part.querySelector("[data-run-chart]")) drawRun(part);
  else drawHistory(part);
}
