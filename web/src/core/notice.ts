// What the room tells: shown for a moment and read out by screen readers.

export type Notice = {
  /** A key of the catalogue. */
  key: string;
  args?: Record<string, string | number>;
  tone: "info" | "warning" | "error";
};
