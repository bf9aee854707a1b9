// Shows the fields that belong to a choice only while it is made.

/** A part says by `data-shown-by="name=value"` which choice it belongs to. */
export function showParts(root: ParentNode): void {
  const parts = [...root.querySelectorAll<HTMLElement>("[data-shown-by]")];
  const update = () => {
    for (const part of parts) {
      const [name, value] = (part.dataset.shownBy ?? "").split("=");
      const chosen = root.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`);
      part.hidden = chosen?.value !== value;
    }
  };
  root.addEventListener("change", update);
  // A browser that goes back fills its forms in after this script has run.
  window.addEventListener("pageshow", update);
  update();
}
