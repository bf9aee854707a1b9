// Only for telling people where their browser keeps its permissions; nothing else may depend on it.

export type BrowserName = "android" | "ios" | "chrome" | "firefox" | "safari" | "other";

export function browserName(agent: string = navigator.userAgent): BrowserName {
  if (/iPhone|iPad/.test(agent)) return "ios";
  if (/Android/.test(agent)) return "android";
  if (/Firefox/.test(agent)) return "firefox";
  if (/Chrome|Chromium|Edg/.test(agent)) return "chrome";
  if (/Safari/.test(agent)) return "safari";
  return "other";
}
