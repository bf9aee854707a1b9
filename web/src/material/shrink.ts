// Photos as large as a phone's screen shows them: a camera's five megabytes become 300 kB, which
// forty phones fetch from the box together. The box itself never decodes a picture: it has no memory
// to spare for one, and none that is made to burst can harm it.

const LONGEST_EDGE = 1600;
const QUALITY = 0.85;
const KINDS = ["image/jpeg", "image/png", "image/webp"];

/** A smaller file of the same picture, or the file itself where that is no gain. */
export async function shrink(file: File): Promise<{ content: Blob; name: string }> {
  const original = { content: file, name: file.name };
  if (!KINDS.includes(file.type)) return original;
  const address = URL.createObjectURL(file);
  try {
    const picture = await load(address);
    const scale = LONGEST_EDGE / Math.max(picture.naturalWidth, picture.naturalHeight);
    if (scale >= 1) return original;
    const smaller = await draw(picture, scale);
    if (!smaller || smaller.size >= file.size) return original;
    return { content: smaller, name: `${file.name.replace(/\.[^.]*$/, "")}.jpg` };
  } catch {
    // What this browser cannot read is sent as it is.
    return original;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function load(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = () => reject(new Error("not a picture"));
    picture.src = address;
  });
}

function draw(picture: HTMLImageElement, scale: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.naturalWidth * scale);
  canvas.height = Math.round(picture.naturalHeight * scale);
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  // JPEG knows no transparency; without this it would be black.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
