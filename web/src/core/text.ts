// Sentences of the catalogue with their placeholders filled in.

export type Values = Record<string, string | number>;
export type Translate = (key: string, values?: Values) => string;

/**
 * A sentence by its key. A count picks `<key>.one` or `<key>.other`; where the language has no
 * singular, both say the same. A key without a sentence is shown as it is, so that it is noticed.
 */
export function translator(messages: Record<string, string>): Translate {
  return (key, values = {}) => {
    const number = values.count === 1 ? "one" : "other";
    const sentence = messages[key] ?? messages[`${key}.${number}`] ?? key;
    return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}
