// The thesis's stack, as small as it can be: Express and Socket.IO for the class and its chat,
// PeerServer for the calls, in one process on two ports (PeerServer on Socket.IO's server breaks
// its WebSocket transport). Prints the ports as one JSON line when ready.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import express from 'express';
import { PeerServer } from 'peer';
import { Server } from 'socket.io';

const [key, cert] = [readFileSync(process.argv[2]), readFileSync(process.argv[3])];

const application = express();
application.use(express.json());
application.get('/api/health', (_request, response) => response.json({ status: 'ok' }));

const server = createServer({ key, cert }, application);
const io = new Server(server);
io.on('connection', (socket) => {
  socket.on('join', (room) => {
    socket.join(room);
    socket.to(room).emit('joined', socket.id);
    socket.emit('ready');
  });
  socket.on('chat', (room, text) => io.to(room).emit('chat', { from: socket.id, text, at: Date.now() }));
});

server.listen(0, '127.0.0.1', () => {
  PeerServer({ port: 0, host: '127.0.0.1', ssl: { key, cert }, concurrent_limit: 10000 }, (peers) => {
    const ports = { classroom: server.address().port, peers: peers.address().port };
    process.stdout.write(`${JSON.stringify(ports)}\n`);
  });
});
