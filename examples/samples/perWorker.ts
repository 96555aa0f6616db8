import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mapArray } from 'rxjs-parallel-map';

let atOnce = 0;
let most = 0;
// A slow server, which notes how many ask at once.
const server = createServer((request, response) => {
  most = Math.max(most, ++atOnce);
  setTimeout(() => {
    atOnce--;
    response.end(`page ${request.url}`);
  }, 20);
}).listen(0, 'localhost');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

const urls = Array.from({ length: 60 }, (_, id) => `http://localhost:${port}/${id}`);
const lengths = await mapArray(
  urls,
  async (url, _, { signal }) => {
    const response = await fetch(url, { signal });
    return (await response.text()).length;
  },
  { concurrency: 2, perWorker: 10, timeout: 5000, retry: 2 },
);
server.close();
console.log(`${lengths.length} pages, at most 20 at once: ${most <= 20}`);
