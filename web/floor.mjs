// What the oldest browsers of a class do not know: Chrome 80, Firefox 75 and Safari 13. esbuild
// rewrites syntax for them but adds no missing functions, and a missing style is silently nothing.

/** Names in a script, each with the browser that first had it and what serves instead. */
const SCRIPT = [
  [/\.replaceChildren\b/, "replaceChildren (Chrome 86): textContent and append"],
  [/\.replaceAll\b/, "replaceAll (Chrome 85): replace with /g"],
  [/\.at\(/, "at (Chrome 92): an index"],
  [/\.findLast(Index)?\b/, "findLast (Chrome 97): a loop"],
  [/\.to(Sorted|Reversed|Spliced)\b/, "toSorted and its like (Chrome 110): a copy first"],
  [/\bPromise\.(any|withResolvers|try)\b/, "Promise.any (Chrome 85)"],
  [/\bObject\.(hasOwn|groupBy)\b/, "Object.hasOwn (Chrome 93): hasOwnProperty"],
  [/\bArray\.fromAsync\b/, "Array.fromAsync (Chrome 121)"],
  [/\bstructuredClone\b/, "structuredClone (Chrome 98)"],
  [/\bAbortSignal\.(timeout|any)\b/, "AbortSignal.timeout (Chrome 103): AbortController"],
  [/\b(WeakRef|FinalizationRegistry)\b/, "WeakRef (Chrome 84)"],
  [/\b(BroadcastChannel|requestIdleCallback)\b/, "not in Safari 13"],
  [/\brandomUUID\b/, "randomUUID (Chrome 92, never over http): io/browser.ts newKey"],
  [/\bcrypto\.subtle\b/, "crypto.subtle is missing over http"],
  [/\bIntl\.(ListFormat|Segmenter|DisplayNames|RelativeTimeFormat)\b/, "not in Safari 13"],
  [/\.(showModal|showPopover|setHTML|checkVisibility)\b/, "not in Safari 13"],
  [/\(\?<[=!]/, "a lookbehind (Safari 16.4) is a syntax error that stops the whole script"],
];

const STYLE = [
  [/[;{]\s*(row-|column-)?gap\s*:/, "gap (flex: Chrome 84, Safari 14.1): margins, or grid-gap"],
  [/[;{]\s*inset(-[a-z-]+)?\s*:/, "inset (Chrome 87): top, right, bottom, left"],
  [/[;{]\s*aspect-ratio\s*:/, "aspect-ratio (Chrome 88): padding-bottom in percent"],
  [/[;{]\s*(margin|padding)-(inline|block)\s*:/, "logical shorthands (Chrome 87)"],
  [/:\s*clip\s*[;}]/, "overflow: clip (Chrome 90): hidden"],
  [/\d[dsl]v(h|w|min|max)\b/, "dvh and its like (Chrome 108): a fixed box"],
  [/\bclamp\(/, "clamp (Safari 13.1): calc and a media query"],
  [/\bcolor-mix\(|\boklch\(/, "colour functions (Chrome 111)"],
  [/:(is|where|has)\(/, ":is, :where, :has (Chrome 88 and later): the rule is dropped whole"],
  [/@(container|layer|property|scope)\b/, "at-rules of later years"],
  // Alone it is dropped where unknown, and the browser's own ring stays; in a list it takes the
  // other selectors with it.
  [
    /:focus-visible\s*,|,[^{},]*:focus-visible/,
    ":focus-visible (Chrome 86) in a list of selectors",
  ],
];

/**
 * @param {"script" | "style"} kind
 * @param {string} text
 * @returns {string[]} what of it the oldest browsers lack
 */
export function aboveFloor(kind, text) {
  return (kind === "script" ? SCRIPT : STYLE)
    .filter(([pattern]) => pattern.test(text))
    .map(([, what]) => what);
}
