// The real PeerServer at /peerjs on a free port of loopback. Its options come as JSON in the
// first argument; the port goes to standard output as one line. It ends with its standard input,
// so that it cannot outlive the test that started it.
import { PeerServer } from "peer";

const options = JSON.parse(process.argv[2] ?? "{}");
const server = PeerServer({ ...options, host: "127.0.0.1", port: 0, path: "/peerjs" }, (listening) => {
  console.log(listening.address().port);
});
// Malformed messages arrive here; without a listener the first would end the process.
server.on("error", (error) => console.error(error.message));
process.stdin.resume().on("end", () => process.exit(0));
