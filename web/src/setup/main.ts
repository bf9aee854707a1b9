// Help for the wizard's pages, each of which works without it.

import { follow } from "./follow";
import { showParts } from "./parts";
import { compareClocks } from "./time";
import { countBytes, nameCountries } from "./wifi";

for (const input of document.querySelectorAll<HTMLInputElement>("input[data-bytes]")) {
  countBytes(input);
}
for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-countries]")) {
  nameCountries(select, document.documentElement.lang);
}
for (const card of document.querySelectorAll<HTMLElement>("[data-clock]")) compareClocks(card);
for (const page of document.querySelectorAll<HTMLElement>("[data-follow]")) follow(page);
showParts(document);
