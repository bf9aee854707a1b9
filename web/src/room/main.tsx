// The live room's page.
import { render } from "preact";

const root = document.getElementById("kelas-app");
if (root) render(<p />, root);
