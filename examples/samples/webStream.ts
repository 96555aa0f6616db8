import { text } from 'node:stream/consumers';
import { ReadableStream } from 'node:stream/web';
import { mapStream } from 'rxjs-parallel-map';

function lengthOf(chunk: Uint8Array): string {
  return `${chunk.length} bytes`;
}

const { body } = new Response('some text'); // or the body of a fetch
const lengths = mapStream(body!, lengthOf, { ordered: true });
console.log(await text(ReadableStream.from(lengths)));
